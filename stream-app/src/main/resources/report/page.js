"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const PALETTE = ["#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#b07aa1", "#17a2a2", "#d4a72c", "#ff7fa7",
  "#8c6d4f", "#6f8fdc", "#86bc25", "#c06014"];
const NOTHING = "#9aa3af";
const MARKS = { reset: "#8b5cf6", rejected: "#e11d48", missing: "#d97706", here: "#1f6feb" };
const AXIS = 96; // pixels left of every time axis, for the names of the rows
const SHOWN_AT_ONCE = 40; // most timelines drawn at a time

let shown = 0; // the run whose curves, matrix and mistakes are shown
let charts = [];
let timelines = [];

// ---- small parts

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

function variable(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function colour(label) {
  if (label < 0 || data.labels[label] === data.background) return NOTHING;
  let place = label;
  const background = data.labels.indexOf(data.background);
  if (background >= 0 && background < label) place--;
  return place < PALETTE.length ? PALETTE[place] : `hsl(${Math.round(place * 137.5) % 360} 55% 50%)`;
}

function nameOf(label) {
  return label < 0 ? "other" : data.labels[label];
}

function time(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const text = parts.slice(parts[0] ? 0 : 1).map((part, i) => (i ? String(part).padStart(2, "0") : part)).join(":");
  const rest = seconds - whole;
  return rest > 0.0005 ? text + rest.toFixed(2).slice(1) : text;
}

function table(content, attributes = {}) {
  const kind = (column) => (content.text || []).includes(column) ? "text" : null;
  return el("table", attributes,
    el("thead", {}, el("tr", {}, ...content.columns.map((name, i) => el("th", { class: kind(i) }, name)))),
    el("tbody", {}, ...content.rows.map((row) =>
      el("tr", {}, ...row.map((cell, i) => el("td", { class: kind(i) }, cell))))));
}

function titled(content) {
  return el("section", {},
    el("h3", {}, content.title),
    content.note ? el("p", { class: "note" }, content.note) : null,
    content.curve && content.curve.marks.length ? tradeOff(content.curve) : null,
    el("div", { class: content.rows.length > 40 ? "tall scroll" : "scroll" }, table(content, { class: "sticky" })));
}

function facts(list) {
  return el("dl", { class: "facts" },
    ...list.map((fact) => el("div", {}, el("dt", {}, fact.name), el("dd", {}, fact.value))));
}

function tip(text, event) {
  const box = document.getElementById("tip");
  box.hidden = !text;
  if (!text) return;
  box.textContent = text;
  box.style.left = Math.min(event.clientX + 14, innerWidth - box.offsetWidth - 8) + "px";
  box.style.top = Math.min(event.clientY + 14, innerHeight - box.offsetHeight - 8) + "px";
}

function chart(canvas, config) {
  const made = new Chart(canvas, config);
  tell();
  return made;
}

function plot(height) {
  const canvas = el("canvas");
  return { box: el("div", { class: "plot", style: `height:${height}px` }, canvas), canvas };
}

function axis(title, extra = {}) {
  return {
    title: { display: Boolean(title), text: title },
    grid: { color: variable("--line") },
    border: { color: variable("--line") },
    ...extra,
  };
}

// ---- timelines: bands above, scores below, on one time axis

function bandsOf(stream) {
  const rows = [];
  const tracks = stream.tracks.map((track, i) => ({ track, name: data.runs.length > 1 ? data.runs[i].name : "predicted" }));
  if (!data.multiLabel) {
    rows.push({ name: "truth", height: 17, gap: 3, stretches: stream.truth });
    for (const { track, name } of tracks) {
      rows.push({ name, height: 17, gap: 6, stretches: track.predicted, wrong: differences(stream.truth, track.predicted) });
    }
    return rows;
  }
  const used = new Set([stream.truth, ...stream.tracks.map((track) => track.predicted)].flat().map((one) => one.label));
  for (const label of [...used].sort((a, b) => a - b)) {
    const only = (list) => list.filter((one) => one.label === label);
    rows.push({ name: nameOf(label), height: 8, gap: 1, stretches: only(stream.truth), plain: true, what: "truth" });
    tracks.forEach(({ track, name }, i) =>
      rows.push({ name: "", height: 6, gap: i === tracks.length - 1 ? 8 : 1, stretches: only(track.predicted), plain: true, pale: true, what: name }));
  }
  return rows;
}

/** Where both say something, and not the same. Both lists are ordered and do not overlap. */
function differences(truth, predicted) {
  const found = [];
  let first = 0;
  for (const said of predicted) {
    while (first < truth.length && truth[first].end <= said.start) first++;
    for (let i = first; i < truth.length && truth[i].start < said.end; i++) {
      if (truth[i].label !== said.label) {
        found.push({ start: Math.max(said.start, truth[i].start), end: Math.min(said.end, truth[i].end) });
      }
    }
  }
  return found;
}

const bands = {
  id: "bands",
  beforeDraw(chart, _, options) {
    if (!options.rows) return;
    const { ctx, chartArea: area, scales: { x } } = chart;
    const pixel = (seconds) => Math.min(area.right, Math.max(area.left, x.getPixelForValue(seconds)));
    let top = 14;
    ctx.save();
    ctx.textBaseline = "middle";
    ctx.font = "11px system-ui, sans-serif";
    options.places = [];
    for (const row of options.rows) {
      ctx.fillStyle = variable("--ink");
      ctx.textAlign = "right";
      if (row.name) ctx.fillText(short(ctx, row.name, AXIS - 8), area.left - 6, top + (row.plain ? row.height : row.height / 2));
      ctx.textAlign = "center";
      for (const one of row.stretches) {
        const left = pixel(one.start), right = pixel(one.end);
        if (right - left <= 0) continue;
        ctx.globalAlpha = row.pale ? 0.65 : 1;
        ctx.fillStyle = colour(one.label);
        ctx.fillRect(left, top, Math.max(0.6, right - left), row.height);
        ctx.globalAlpha = 1;
        if (!row.plain && right - left > 30) {
          const name = short(ctx, nameOf(one.label), right - left - 6);
          ctx.fillStyle = "#ffffff";
          if (name.length > 3 || name === nameOf(one.label)) ctx.fillText(name, (left + right) / 2, top + row.height / 2 + 0.5);
        }
      }
      ctx.fillStyle = MARKS.rejected;
      for (const one of row.wrong || []) {
        const left = pixel(one.start), right = pixel(one.end);
        if (right > left) ctx.fillRect(left, top + row.height + 1, Math.max(0.6, right - left), 3);
      }
      options.places.push({ top, bottom: top + row.height, row });
      top += row.height + row.gap;
    }
    ctx.restore();
  },
  afterDraw(chart, _, options) {
    if (!options.marks) return;
    const { ctx, chartArea: area, scales: { x } } = chart;
    ctx.save();
    for (const mark of [...options.marks, ...(options.here === undefined ? [] : [{ seconds: options.here, kind: "here" }])]) {
      const at = x.getPixelForValue(mark.seconds);
      if (at < area.left - 1 || at > area.right + 1) continue;
      ctx.strokeStyle = ctx.fillStyle = MARKS[mark.kind] || NOTHING;
      ctx.setLineDash([3, 3]);
      ctx.beginPath();
      ctx.moveTo(at, 12);
      ctx.lineTo(at, area.bottom);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.moveTo(at - 5, 2);
      ctx.lineTo(at + 5, 2);
      ctx.lineTo(at, 11);
      ctx.fill();
    }
    ctx.restore();
  },
  afterEvent(chart, { event }, options) {
    if (!options.rows) return;
    if (event.type === "mouseout") return tip("");
    if (event.type !== "mousemove") return;
    tip(said(chart, event, options), event.native);
  },
};

function said(chart, event, options) {
  const x = chart.scales.x;
  const near = options.marks.filter((mark) => Math.abs(x.getPixelForValue(mark.seconds) - event.x) < 6);
  if (event.y < 13) return near.map((mark) => `${time(mark.seconds)}  ${mark.text}`).join("\n");
  const place = (options.places || []).find((one) => event.y >= one.top && event.y <= one.bottom);
  if (!place) return "";
  const seconds = x.getValueForPixel(event.x);
  const over = place.row.stretches.find((one) => one.start <= seconds && seconds < one.end);
  return over ? `${place.row.what || place.row.name}: ${nameOf(over.label)}\n${time(over.start)} to ${time(over.end)}` : "";
}

function short(ctx, text, width) {
  let cut = text;
  while (cut.length > 1 && ctx.measureText(cut).width > width) cut = cut.slice(0, -2) + "…";
  return cut;
}

function scoreLines(track) {
  const steps = track.seconds.slice(1).map((second, i) => second - track.seconds[i]).sort((a, b) => a - b);
  const usual = steps.length ? steps[Math.floor(steps.length / 2)] : 1;
  return track.curves.map((curve) => {
    const points = [];
    track.seconds.forEach((second, i) => {
      if (i && second - track.seconds[i - 1] > 5 * usual) points.push({ x: track.seconds[i - 1] + usual, y: NaN });
      points.push({ x: second, y: curve.permille[i] / 1000 });
    });
    return {
      label: nameOf(curve.label),
      data: points,
      borderColor: colour(curve.label),
      borderWidth: 1.4,
      pointRadius: 0,
      pointHitRadius: 4,
    };
  });
}

function drawTimeline(entry) {
  if (entry.chart) return;
  const { stream, canvas } = entry;
  const track = stream.tracks[shown];
  const rows = bandsOf(stream);
  const padding = rows.reduce((sum, row) => sum + row.height + row.gap, 18);
  const ends = [...stream.truth, ...stream.tracks.flatMap((one) => one.predicted)].map((one) => one.end);
  const starts = [...stream.truth, ...stream.tracks.flatMap((one) => one.predicted)].map((one) => one.start);
  const least = starts.reduce((a, b) => Math.min(a, b), track.seconds[0] ?? Infinity);
  const most = ends.reduce((a, b) => Math.max(a, b), track.seconds.at(-1) ?? 0);
  entry.range = [Number.isFinite(least) ? least : 0, most || 1];
  entry.chart = chart(canvas, {
    type: "line",
    data: { datasets: scoreLines(track) },
    plugins: [bands],
    options: {
      layout: { padding: { top: padding } },
      parsing: false,
      normalized: true,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      events: ["mousemove", "mouseout", "click", "touchstart"],
      scales: {
        x: axis("", { type: "linear", min: entry.range[0], max: entry.range[1], ticks: { callback: (value) => time(value), maxRotation: 0, autoSkipPadding: 24, includeBounds: false } }),
        y: axis("score", { min: 0, max: 1, ticks: { stepSize: 0.5 }, afterFit: (scale) => { scale.width = AXIS; } }),
      },
      plugins: {
        legend: { display: false },
        bands: { rows, marks: track.marks, here: entry.here },
        tooltip: {
          filter: (item) => item.parsed.y >= 0.05,
          itemSort: (a, b) => b.parsed.y - a.parsed.y,
          callbacks: { title: (items) => (items.length ? time(items[0].parsed.x) : ""), label: (item) => ` ${item.dataset.label} ${item.parsed.y.toFixed(2)}` },
        },
      },
    },
  });
  zoomable(entry);
}

/** Drag to look closer, double-click for the whole. */
function zoomable(entry) {
  const { canvas } = entry;
  let from = null;
  const at = (event) => entry.chart.scales.x.getValueForPixel(event.clientX - canvas.getBoundingClientRect().left);
  canvas.onpointerdown = (event) => { from = event; };
  canvas.onpointerup = (event) => {
    if (from && Math.abs(event.clientX - from.clientX) > 8) range(entry, ...[at(from), at(event)].sort((a, b) => a - b));
    from = null;
  };
  canvas.ondblclick = () => range(entry, ...entry.range);
}

function range(entry, from, to) {
  entry.chart.options.scales.x.min = Math.max(from, entry.range[0]);
  entry.chart.options.scales.x.max = Math.min(to, entry.range[1]);
  entry.chart.update();
}

function dropTimeline(entry) {
  if (entry.chart) entry.chart.destroy();
  entry.chart = null;
}

const watch = new IntersectionObserver((changes) => {
  for (const change of changes) {
    const entry = timelines.find((one) => one.box === change.target);
    if (!entry) continue;
    entry.visible = change.isIntersecting;
    if (entry.visible) drawTimeline(entry);
  }
  const drawn = timelines.filter((one) => one.chart);
  drawn.filter((one) => !one.visible).slice(0, Math.max(0, drawn.length - SHOWN_AT_ONCE)).forEach(dropTimeline);
  tell();
}, { rootMargin: "300px" });

function timelineSection() {
  const list = el("div");
  for (const stream of data.streams) {
    const height = 170 + bandsOf(stream).reduce((sum, row) => sum + row.height + row.gap, 18);
    const { box, canvas } = plot(height);
    const track = stream.tracks[shown];
    const thin = track.every > 1 ? `, every ${track.every}th frame's scores drawn` : "";
    const card = el("article", { class: "stream" },
      el("h3", {}, stream.stream, el("small", {}, `${track.frames} frames${thin}${track.marks.length ? `, marks: ${track.marks.length}` : ""}`)), box);
    list.append(card);
    const entry = { stream, box, canvas, card, chart: null, visible: false };
    timelines.push(entry);
    watch.observe(box);
  }
  const find = el("div", { class: "find" },
    el("input", { type: "search", placeholder: `Find among ${data.streams.length} streams`, "aria-label": "Find a stream",
      oninput: (event) => timelines.forEach((one) => { one.card.hidden = !one.stream.stream.toLowerCase().includes(event.target.value.toLowerCase()); }) }));
  return el("section", { id: "timelines" },
    el("h2", {}, "Timelines"),
    el("p", { class: "note" }, (data.multiLabel
      ? "For each label the truth above what was predicted; below them the scores."
      : "Truth above prediction; a red line under a prediction marks where it is wrong. Below them the scores.")
      + " Triangles mark resets (violet), rejected frames (red) and missing frames (orange). Drag to look closer, double-click for the whole."),
    legend(),
    data.streams.length > 6 ? find : null,
    data.streams.length ? list : el("p", {}, "No stream could be scored."));
}

function legend() {
  return el("div", { class: "legend" }, ...data.labels.map((label, i) =>
    el("span", {}, el("i", { class: "swatch", style: `background:${colour(i)}` }), label === data.background ? `${label} (background)` : label)));
}

function goTo(name, seconds) {
  const entry = timelines.find((one) => one.stream.stream === name);
  if (!entry) return;
  entry.card.hidden = false;
  entry.here = seconds;
  dropTimeline(entry);
  drawTimeline(entry);
  entry.card.scrollIntoView({ block: "center" });
}

// ---- confusion, precision and recall, reliability, mistakes

function confusionSection(run) {
  if (!run.confusion) return null;
  const { truth, predicted, counts } = run.confusion;
  const cells = (row) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((count, i) => {
      const share = sum ? count / sum : 0;
      const strong = share > 0.55;
      return el("td", {
        style: `background:rgba(${variable("--heat")},${(share * 0.9).toFixed(3)});${strong ? "color:#fff" : ""}${count ? "" : "color:transparent"}`,
        title: count ? `${count} frames, ${(100 * share).toFixed(1)} % of the row` : null,
        class: truth[counts.indexOf(row)] === predicted[i] ? "diagonal" : null,
      }, String(count));
    });
  };
  return el("section", { id: "confusion" },
    el("h2", {}, "Confusion matrix"),
    el("p", { class: "note" }, "Frames; rows are the truth, columns what was predicted, shaded by their share of the row."),
    el("div", { class: "scroll" }, el("table", { class: "confusion" },
      el("thead", {}, el("tr", {}, el("th", {}, "truth"), ...predicted.map((name) => el("th", { class: predicted.length > 6 ? "turned" : null }, el("span", {}, name))))),
      el("tbody", {}, ...counts.map((row, i) => el("tr", {}, el("th", {}, truth[i]), ...cells(row)))))));
}

/** One figure against another, such as false alarms against delay. */
function tradeOff(curve) {
  const { box, canvas } = plot(260);
  later(() => chart(canvas, {
    type: "scatter",
    data: {
      datasets: [{ label: curve.y, data: curve.marks, showLine: true, borderColor: variable("--accent"), backgroundColor: variable("--accent"), borderWidth: 1.8, pointRadius: 4, pointHitRadius: 8 }],
    },
    options: {
      parsing: false,
      scales: { x: axis(curve.x, { type: "linear", beginAtZero: true }), y: axis(curve.y, { beginAtZero: true }) },
      plugins: {
        legend: { display: false },
        tooltip: { callbacks: { label: ({ raw }) => [`${raw.y.toFixed(0)} after ${raw.x.toFixed(2)} s`, raw.name] } },
      },
    },
  }));
  return box;
}

function curvesPart(run) {
  if (!run.curves.length) return null;
  const { box, canvas } = plot(440);
  later(() => chart(canvas, {
    type: "line",
    data: {
      datasets: run.curves.map((curve) => ({
        label: `${nameOf(curve.label)}  ${curve.averagePrecision.toFixed(3)}`,
        data: curve.recall.map((recall, i) => ({ x: recall, y: curve.precision[i] })),
        borderColor: colour(curve.label), backgroundColor: colour(curve.label), borderWidth: 1.8, pointRadius: 0, pointHitRadius: 5,
      })),
    },
    options: {
      parsing: false,
      scales: { x: axis("recall", { type: "linear", min: 0, max: 1 }), y: axis("precision", { min: 0, max: 1 }) },
      plugins: { legend: { display: run.curves.length <= 24, position: "bottom", labels: { boxWidth: 10, padding: 8 } } },
    },
  }));
  return el("section", {}, el("h2", {}, "Precision and recall"),
    el("p", { class: "note" }, "Over the frames of all streams; beside each name the average precision. Click on a name to hide its curve."), box);
}

function reliabilityPart(run) {
  if (!run.reliability) return null;
  const { error, bins } = run.reliability;
  const filled = bins.filter((bin) => bin.frames > 0);
  const first = plot(270), second = plot(110);
  const common = { type: "linear", min: 0, max: 1 };
  later(() => chart(first.canvas, {
    type: "scatter",
    data: {
      datasets: [
        { label: "observed", data: filled.map((bin) => ({ x: bin.score, y: bin.correct })), showLine: true, borderColor: variable("--accent"), backgroundColor: variable("--accent"), pointRadius: 4 },
        { label: "perfect", data: [{ x: 0, y: 0 }, { x: 1, y: 1 }], showLine: true, pointRadius: 0, borderDash: [5, 5], borderColor: variable("--faint"), borderWidth: 1 },
      ],
    },
    options: {
      scales: { x: axis("", common), y: axis("correct", { min: 0, max: 1, afterFit: (scale) => { scale.width = 64; } }) },
      plugins: { legend: { labels: { usePointStyle: true, pointStyle: "line" } } },
    },
  }));
  later(() => chart(second.canvas, {
    type: "bar",
    data: {
      datasets: [{ label: "frames", data: bins.map((bin) => ({ x: (bin.low + bin.high) / 2, y: bin.frames })), backgroundColor: variable("--accent"), barPercentage: 1, categoryPercentage: 0.95 }],
    },
    options: {
      scales: { x: axis("score", { ...common, offset: false, grid: { offset: false, color: variable("--line") } }), y: axis("frames", { ticks: { maxTicksLimit: 3 }, afterFit: (scale) => { scale.width = 64; } }) },
      plugins: { legend: { display: false } },
    },
  }));
  return el("section", {}, el("h2", {}, "Reliability"),
    el("p", { class: "note" }, `${data.multiLabel ? "How often a label is true that has this score" : "How often the best label is right that has this score"}. Expected calibration error: ${error.toFixed(3)}.`),
    first.box, second.box);
}

function mistakesSection(run) {
  if (!run.mistakes.length) return null;
  return el("section", { id: "mistakes" },
    el("h2", {}, "Worst mistakes"),
    el("p", { class: "note" }, "Click on one to see it in its timeline."),
    el("div", { class: "mistakes" }, ...run.mistakes.map((mistake) =>
      el("button", { class: "mistake", type: "button", onclick: () => goTo(mistake.stream, mistake.seconds) },
        mistake.image ? el("img", { src: mistake.image, alt: `frame at ${time(mistake.seconds)}` }) : null,
        el("div", {},
          el("b", {}, `${mistake.predicted} ${mistake.score.toFixed(2)}`),
          el("span", {}, `truth: ${mistake.truth}`), el("br"),
          el("span", { class: "where" }, `${mistake.stream} at ${time(mistake.seconds)}${mistake.text ? ", " + mistake.text : ""}`))))));
}

function comparisonSection(comparison) {
  const drawn = comparison.rows.filter((row) => row.share && row.difference !== null);
  const { box, canvas } = plot(60 + 26 * drawn.length);
  const sign = (value) => (value > 0 ? "+" : "") + value.toFixed(3);
  const known = (value, text) => (value === null ? "-" : text(value));
  later(() => chart(canvas, {
    type: "bar",
    data: {
      labels: drawn.map((row) => row.metric),
      datasets: [
        { type: "scatter", label: "difference", data: drawn.map((row) => ({ x: row.difference, y: row.metric })), backgroundColor: variable("--ink"), pointRadius: 4 },
        { label: "interval", data: drawn.map((row) => (row.low === null ? null : [row.low, row.high])), backgroundColor: variable("--accent"), barThickness: 10, minBarLength: 2 },
      ],
    },
    options: {
      indexAxis: "y",
      scales: { x: axis("b - a"), y: axis("", { type: "category" }) },
      plugins: { legend: { display: false } },
    },
  }));
  return el("section", { id: "comparison" },
    el("h2", {}, "Comparison"),
    el("p", { class: "note" }, `a is ${comparison.a}, b is ${comparison.b}. ${comparison.note}`),
    el("div", { class: "pair" },
      el("div", { class: "scroll" }, table({
        columns: ["", "a", "b", "b - a", "from", "to"],
        rows: comparison.rows.map((row) => [row.metric, known(row.a, (v) => v.toFixed(3)), known(row.b, (v) => v.toFixed(3)),
          known(row.difference, sign), known(row.low, sign), known(row.high, sign)]),
      })),
      box),
    titled(comparison.stretches));
}

// ---- the page

let waiting = [];
function later(draw) { waiting.push(draw); }

function runSwitch() {
  if (data.runs.length < 2) return null;
  return el("nav", { class: "runs", "aria-label": "run" }, "Shown:", ...data.runs.map((run, i) =>
    el("button", { type: "button", "aria-pressed": String(i === shown), onclick: () => { shown = i; draw(); } }, run.name)));
}

function draw() {
  charts.forEach((one) => one.destroy());
  charts = [];
  timelines.forEach((entry) => { watch.unobserve(entry.box); dropTimeline(entry); });
  timelines = [];
  waiting = [];
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.color = variable("--faint");
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const run = data.runs[shown];
  const [first, ...others] = run.tables.map(titled);
  const tables = el("div", { class: "tables" }, first ?? "", el("div", {}, ...others));
  document.getElementById("main").replaceChildren(...[
    data.notes.length ? el("section", { class: "notes" }, el("h2", {}, "Not scored, or only in part"), el("ul", {}, ...data.notes.map((note) => el("li", {}, note)))) : null,
    data.comparison ? comparisonSection(data.comparison) : null,
    runSwitch(),
    el("section", { id: "metrics" }, el("h2", {}, "Metrics"), facts(run.facts), tables),
    timelineSection(),
    confusionSection(run),
    el("div", { class: "pair" }, ...[curvesPart(run), reliabilityPart(run)].filter((part) => part !== null)),
    mistakesSection(run),
    run.account ? el("section", { id: "account" }, el("h2", {}, run.account.title), run.account.note ? el("p", { class: "note" }, run.account.note) : null,
      el("div", { class: run.account.rows.length > 40 ? "tall scroll" : "scroll" }, table(run.account, { class: "sticky" }))) : null,
  ].filter((part) => part !== null));
  charts = waiting.map((make) => make());
  tell();
}

document.title = data.title;
document.getElementById("head").append(el("h1", {}, data.title), facts(data.facts));
draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
addEventListener("beforeprint", () => timelines.slice(0, SHOWN_AT_ONCE).forEach(drawTimeline));
addEventListener("resize", () => tip(""));
