# Shared by the measuring scripts: a work folder, processes that end with the script, and Load.java. To be sourced.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

fail() {
  echo "$*" >&2
  exit 1
}

wait_for() { # FILE PATTERN
  for _ in $(seq "${PATIENCE:-1200}"); do
    grep -q "$2" "$1" 2>/dev/null && return
    sleep 0.1
  done
  echo "waited for '$2' in $1:" >&2
  cat "$1" >&2
  exit 1
}

start_broker() { # sets servers
  "$root/gatestream" broker --port 0 --data "$work/kafka" >"$work/broker.out" 2>&1 &
  pids+=($!)
  wait_for "$work/broker.out" 'listening on'
  servers=$(sed -n 's/.*listening on //p' "$work/broker.out")
}

# Sets loader, the command of Load.java on the application's class path; the broker has built what was missing.
find_loader() {
  local bin=${JAVA_HOME:+$JAVA_HOME/bin/} path
  local target=$root/stream-app/target
  local version
  version=$("$root/.ci/version")
  path=$target/gatestream-stream-app-$version.jar:$root/schemas/target/gatestream-schemas-$version.jar
  path=$path:$target/$(sed "s|:|:$target/|g" "$target/class-path") # names below target
  if [ ! -d "$work/load" ]; then
    "${bin}javac" -proc:none -d "$work/load" -cp "$path" "$root/integration-tests/src/test/java/io/gatestream/it/Load.java"
  fi
  loader=("${bin}java" -Xmx256m -XX:TieredStopAtLevel=1 -Djava.awt.headless=true -cp "$work/load:$path" io.gatestream.it.Load)
}

load() {
  find_loader
  "${loader[@]}" "$@"
}

# Not by load: the process id must be that of java itself.
send_aside() { # SERVERS TOPIC STREAMS FROM COUNT T0 RATE: sets producer
  find_loader
  "${loader[@]}" send "$@" &
  producer=$!
  pids+=("$producer")
}

# Fills a topic of 4 partitions with COUNT frames of the sample clips, over and over, as STREAMS streams.
fill() { # TOPIC WIDTHxHEIGHT STREAMS COUNT
  "$root/gatestream" ingest --bootstrap-servers "$servers" --create-topics --frames-topic "$1-clips" --size "$2" "$root/stream-app/samples" >"$work/ingest.out" 2>&1 ||
    fail "$(cat "$work/ingest.out")"
  load topic "$servers" "$1" 4 -1
  load again "$servers" "$1-clips" "$1" "$3" "$4" $(($(date +%s) * 1000000))
}

start_run() { # NAME APPLICATION TOPIC [ARGUMENTS]: sets run (process id) and url
  local name=$1 application=$2 topic=$3
  shift 3
  "${LAUNCHER:-$root/gatestream}" run --bootstrap-servers "$servers" --application-id "$application" --frames-topic "$topic" --labels-topic "$topic-labels" \
    --rejected-topic "$topic-rejected" --create-topics --state-dir "$work/state-$name" --http-port 0 "$@" >"$work/$name.out" 2>&1 &
  run=$!
  pids+=("$run")
  wait_for "$work/$name.out" 'metrics and health on'
  url=$(sed -n 's/.*metrics and health on //p' "$work/$name.out")
}

# Prints seconds from FROM to TO labelled frames at URL.
seconds_between() { # URL FROM TO
  python3 - "$@" <<'PYTHON'
import re, sys, time, urllib.request

url, low, high = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
began = None
while True:
    text = urllib.request.urlopen(url + "/metrics", timeout=60).read().decode()
    done = sum(float(v) for v in re.findall(r'^gatestream_frames_total\{outcome="labelled"[^}]*\} (\S+)', text, re.M))
    now = time.monotonic()
    if done >= low and began is None:
        began, first = now, done
    if done >= high:
        print(f"{(done - first) / (now - began):.1f}" if began is not None and now > began else "nan")
        break
    time.sleep(0.1)
PYTHON
}
