{{- define "gatestream.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "gatestream.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gatestream.labels" -}}
{{ include "gatestream.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "gatestream.image" -}}
{{- $tag := .Values.image.tag | default (printf "%s%s" .Chart.AppVersion (ternary "-cuda" "" .Values.gpu.enabled)) -}}
{{ .Values.image.repository }}:{{ $tag }}
{{- end -}}

{{- define "gatestream.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "gatestream.name" .) }}
{{- end -}}

{{- define "gatestream.secret" -}}
{{- if .Values.secret.existing -}}
{{ .Values.secret.existing }}
{{- else if .Values.secret.properties -}}
{{ include "gatestream.name" . }}
{{- end -}}
{{- end -}}

{{/* A setting as it stands in the environment: a.b is GATESTREAM_A_B. Numbers of YAML are floats. */}}
{{- define "gatestream.value" -}}
{{- if kindIs "float64" . -}}
{{- if eq . (floor .) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- else -}}
{{ . }}
{{- end -}}
{{- end -}}

{{/* The settings that the chart needs itself, by their names; whoever gives one of them in `settings` is refused. */}}
{{- define "gatestream.settings" -}}
bootstrap.servers: {{ .Values.bootstrapServers | quote }}
state.dir: /var/lib/gatestream/state
http.host: 0.0.0.0
http.port: {{ .Values.http.port | quote }}
{{- if .Values.gpu.enabled }}
provider: {{ .Values.gpu.provider }}
{{- end }}
{{- if ne .Values.bundle.from "default" }}
model: {{ include "gatestream.bundle" . }}
{{- end }}
{{- end -}}

{{- define "gatestream.bundle" -}}
{{- if eq .Values.bundle.from "path" -}}
{{ .Values.bundle.path }}
{{- else if and (eq .Values.bundle.from "image") .Values.bundle.subPath -}}
/bundle/{{ .Values.bundle.subPath }}
{{- else -}}
/bundle
{{- end -}}
{{- end -}}

{{/* What a schema cannot say. */}}
{{- define "gatestream.check" -}}
{{- $v := .Values -}}
{{- if not $v.bootstrapServers -}}
{{- fail "bootstrapServers is missing: give the Kafka brokers as HOST:PORT" -}}
{{- end -}}
{{- if gt (int $v.replicas) (int $v.partitions) -}}
{{- fail (printf "replicas is %d and the frames topic has %d partitions: more instances than partitions are idle; lower replicas, or correct partitions" (int $v.replicas) (int $v.partitions)) -}}
{{- end -}}
{{- if and $v.keda.enabled (gt (int $v.keda.maxReplicas) (int $v.partitions)) -}}
{{- fail (printf "keda.maxReplicas is %d and the frames topic has %d partitions: more instances than partitions are idle; lower keda.maxReplicas, or correct partitions" (int $v.keda.maxReplicas) (int $v.partitions)) -}}
{{- end -}}
{{- if and $v.keda.enabled (gt (int $v.keda.minReplicas) (int $v.keda.maxReplicas)) -}}
{{- fail "keda.minReplicas is above keda.maxReplicas" -}}
{{- end -}}
{{- if and $v.secret.existing $v.secret.properties -}}
{{- fail "give secret.existing or secret.properties, not both" -}}
{{- end -}}
{{- $own := include "gatestream.settings" . | fromYaml -}}
{{- $names := list "partitions" "kafka.group.instance.id" "http.advertised" "model" "provider" | concat (keys $own) -}}
{{- range $name, $value := $v.settings -}}
{{- if has $name $names -}}
{{- fail (printf "settings: %s is set by the chart: use its own value instead (bootstrapServers, http.port, bundle, gpu, partitions, staticMembers)" $name) -}}
{{- end -}}
{{- if regexMatch "(?i)(passw|passphrase|secret|jaas|keystore\\.key$|private\\.key$)" $name -}}
{{- fail (printf "settings: %s would be readable in a ConfigMap: put it into the file of `secret`" $name) -}}
{{- end -}}
{{- end -}}
{{- if $v.networkPolicy.enabled -}}
{{- $ports := list -}}
{{- range $port := $v.networkPolicy.kafka.ports -}}
{{- $ports = append $ports (toString $port) -}}
{{- end -}}
{{- range $broker := splitList "," $v.bootstrapServers -}}
{{- $port := regexFind "[0-9]+$" (trim $broker) -}}
{{- if and $port (not (has $port $ports)) -}}
{{- fail (printf "bootstrapServers: the NetworkPolicy lets nobody reach port %s of %s: add it to networkPolicy.kafka.ports, or set networkPolicy.enabled=false" $port (trim $broker)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $close := index $v.settings "close.seconds" | default 9 -}}
{{- if le (int $v.terminationGracePeriodSeconds) (int $close) -}}
{{- fail (printf "terminationGracePeriodSeconds is %d and close.seconds is %d: a clean close would be killed; give it more" (int $v.terminationGracePeriodSeconds) (int $close)) -}}
{{- end -}}
{{- $from := $v.bundle.from -}}
{{- $given := dict "path" $v.bundle.path "claim" $v.bundle.claim "image" $v.bundle.image.reference "init" $v.bundle.init.image -}}
{{- $where := dict "path" "bundle.path" "claim" "bundle.claim" "image" "bundle.image.reference" "init" "bundle.init.image" -}}
{{- range $kind := list "path" "claim" "image" "init" -}}
{{- if and (eq $from $kind) (not (get $given $kind)) -}}
{{- fail (printf "bundle.from is %s: give %s" $kind (get $where $kind)) -}}
{{- end -}}
{{- if and (ne $from $kind) (get $given $kind) -}}
{{- fail (printf "%s is given and bundle.from is %s: set bundle.from=%s, or leave it out" (get $where $kind) $from $kind) -}}
{{- end -}}
{{- end -}}
{{- if and (eq $from "init") (not $v.bundle.init.command) -}}
{{- fail "bundle.from is init: give bundle.init.command, which copies the bundle's files into /bundle" -}}
{{- end -}}
{{- end -}}
