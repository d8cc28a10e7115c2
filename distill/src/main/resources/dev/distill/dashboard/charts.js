// The charts: one for each figure, all trainings that are shown in each, with one cursor and one range along the x-axis.
/* global uPlot */
import { COLOURS, shownTrainings } from "./store.js";
import { HEIGHT, around, axis as axisStyle, colour, moveByKey, moveTo, shortCount } from "./plot.js";
import { count, duration, element, logTicks, number, smooth, swatch } from "./figures.js";

const CHARTS = [
  { title: "Loss", unit: "nats a token", of: one("loss"), log: true, smooth: true },
  { title: "Validation loss", unit: "nats a token", of: one("val_loss"), log: true, points: true },
  { title: "Validation loss by domain", unit: "nats a token", of: domains, log: true, points: true, optional: true },
  { title: "Score", unit: "% of the questions", of: one("score", 100), points: true, floor: true, optional: true },
  { title: "Gradient norm", unit: "before clipping", of: one("grad_norm"), log: true, smooth: true },
  { title: "Learning rate", unit: "", of: one("learning_rate"), log: true },
  { title: "Tokens", unit: "a second", of: one("tokens_per_s"), smooth: true, floor: true },
  { title: "Share of the machine's matmul rate", unit: "%", of: one("matmul_share", 100), smooth: true, floor: true, optional: true },
  { title: "Memory", unit: "MiB, resident", of: one("rss_mib"), floor: true, optional: true },
];
const view = { axis: "step", log: false, smoothing: 0.95, range: null };
const charts = [];
let rangeListener = () => {};

function one(name, factor = 1) {
  return (training) => {
    const values = training.steps.figures.get(name);
    if (!values || values.every((value) => value === null)) return [];
    return [{ name: training.id, values: factor === 1 ? values : values.map((v) => (v === null ? null : v * factor)) }];
  };
}

function domains(training) {
  return [...training.steps.domains].sort().map((domain, index) => ({
    name: `${training.id}: ${domain}`,
    values: training.steps.figures.get("val_losses/" + domain),
    dash: [[], [6, 3], [2, 3], [10, 3, 2, 3]][index % 4],
  }));
}

function faint(rgb) {
  return rgb.replace(/rgb\(([^)]+)\)/, "rgba($1, 0.28)");
}

export function makeCharts(grid, onRange) {
  rangeListener = onRange;
  for (const spec of CHARTS) {
    const plot = element("div", { class: "plot" });
    const reading = element("div", { class: "reading" });
    const unit = spec.unit ? element("small", {}, ` ${spec.unit}`) : null;
    const figure = element(
      "figure", { tabindex: "0", role: "group", "aria-label": `${spec.title} ${spec.unit}. Arrows read values.` },
      element("figcaption", {}, spec.title, unit), plot, reading,
    );
    const chart = { spec, figure, plot, reading, series: [], uplot: null, key: "" };
    figure.addEventListener("keydown", (event) => keyInChart(chart, event));
    figure.addEventListener("focus", () => reading.setAttribute("aria-live", "polite"));
    figure.addEventListener("blur", () => reading.removeAttribute("aria-live"));
    new ResizeObserver(() => resize(chart)).observe(plot);
    charts.push(chart);
    grid.append(figure);
  }
}

export function setView(change) {
  const rebuild = "log" in change || "axis" in change;
  if ("axis" in change) view.range = null;
  Object.assign(view, change);
  if (rebuild) for (const chart of charts) chart.key = "";
  rangeListener(view.range);
  draw();
}

/** The theme has changed: canvases do not follow the style sheet. */
export function redraw() {
  for (const chart of charts) chart.key = "";
  draw();
}

export function draw() {
  for (const chart of charts) drawOne(chart);
}

function drawOne(chart) {
  const { spec } = chart;
  chart.series = shownTrainings().flatMap((training) =>
    spec.of(training).map((series) => ({ ...series, line: training.line % COLOURS, xs: training.steps[view.axis] })),
  );
  chart.figure.hidden = spec.optional && chart.series.length === 0;
  if (chart.figure.hidden) return;
  const both = spec.smooth && view.smoothing > 0;
  const data = aligned(chart, both);
  const key = JSON.stringify([both, chart.series.map(({ name, line }) => [name, line])]);
  if (chart.uplot && chart.key === key) {
    chart.uplot.setData(data);
  } else {
    chart.uplot?.destroy();
    chart.uplot = new uPlot(options(chart, both), data, chart.plot);
    chart.key = key;
  }
  read(chart, chart.uplot.cursor.idx);
}

/** One x-axis for all series; points with nothing measured at a step are null there. */
function aligned(chart, both) {
  const tables = chart.series.map(({ xs, values }) => {
    const rows = [];
    for (let row = 0; row < xs.length; row++) {
      const value = values[row] ?? null;
      if (value !== null && !(view.log && chart.spec.log && value <= 0)) rows.push(row);
    }
    const x = rows.map((row) => xs[row]);
    const y = rows.map((row) => values[row]);
    return both ? [x, y, smooth(y, view.smoothing)] : [x, y];
  });
  if (tables.length === 0) return [[0], [null]];
  return uPlot.join(tables, tables.map((table) => table.map(() => 2))); // gaps are spanned
}

function options(chart, both) {
  const { spec } = chart;
  const log = view.log && spec.log;
  const series = chart.series.flatMap(({ name, line, dash }) => {
    const stroke = colour("line-" + line);
    const points = { show: spec.points ?? false, size: 6, fill: stroke };
    const main = { label: name, stroke, width: 2, dash, spanGaps: true, points };
    return both ? [{ label: name, stroke: faint(stroke), width: 1, spanGaps: true, points: { show: false } }, main] : [main];
  });
  const logAxis = log ? { splits: (uplot, index, low, high) => logTicks(low, high), filter: (uplot, ticks) => ticks } : {};
  const axis = axisStyle();
  return {
    width: chart.plot.clientWidth || 400,
    height: HEIGHT,
    legend: { show: false },
    cursor: { sync: { key: "all" }, drag: { x: true, y: false, setScale: false }, points: { size: 8 }, bind: { dblclick: () => () => setView({ range: null }) } },
    scales: {
      x: { time: false, range: (_, low, high) => view.range ?? [low, high > low ? high : low + 1] },
      y: {
        distr: log ? 3 : 1,
        range: (uplot, low, high) => around(...(both ? smoothedRange(uplot, chart.series.length) : [low, high]), log, spec.floor),
      },
    },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => (view.axis === "time" ? duration(tick) : shortCount(tick))), space: 70 },
      { ...axis, ...logAxis, size: 62, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : number(tick))) },
    ],
    series: [{}, ...(series.length > 0 ? series : [{ show: false }])],
    hooks: {
      setCursor: [(uplot) => read(chart, uplot.cursor.idx)],
      setSelect: [(uplot) => select(uplot)],
    },
  };
}

/** Lowest and highest of the smoothed lines in sight: single steps far off would flatten them, and are cut off. */
function smoothedRange(uplot, lines) {
  const [from, to] = uplot.series[0].idxs ?? [0, uplot.data[0].length - 1];
  let low = null;
  let high = null;
  for (let i = 1; i <= lines; i++) {
    const values = uplot.data[2 * i];
    for (let row = from; row <= to; row++) {
      const value = values?.[row] ?? null;
      if (value === null) continue;
      if (low === null || value < low) low = value;
      if (high === null || value > high) high = value;
    }
  }
  return [low, high];
}

function select(uplot) {
  if (uplot.select.width < 4) return;
  const from = uplot.posToVal(uplot.select.left, "x");
  const to = uplot.posToVal(uplot.select.left + uplot.select.width, "x");
  uplot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  setView({ range: [from, to] });
}

function resize(chart) {
  const width = chart.plot.clientWidth;
  if (chart.uplot && width > 0 && width !== chart.uplot.width) chart.uplot.setSize({ width, height: HEIGHT });
}

/** The values at the cursor, or the newest ones; where they are smoothed, in brackets what was measured. */
function read(chart, index) {
  if (!chart.uplot) return;
  const data = chart.uplot.data;
  const each = chart.series.length > 0 ? (data.length - 1) / chart.series.length : 1;
  const at = index ?? null;
  const parts = chart.series.map(({ name, line, dash }, which) => {
    const values = data[(which + 1) * each];
    let row = at ?? values.length - 1;
    while (row >= 0 && (values[row] === null || values[row] === undefined)) row--;
    const said = row < 0 ? "" : number(values[row]);
    const measured = row < 0 || each === 1 ? said : number(data[which * each + 1][row]);
    const words = measured === said ? said : `${said} (${measured})`;
    return element("span", {}, swatch(line, dash?.length > 0), `${name} ${words}`);
  });
  const x = at === null ? "newest" : view.axis === "time" ? duration(data[0][at]) : `step ${count(data[0][at])}`;
  chart.reading.replaceChildren(...(parts.length > 0 ? [element("span", {}, x), ...parts] : ["nothing measured yet"]));
}

function keyInChart(chart, event) {
  const uplot = chart.uplot;
  if (!uplot || event.ctrlKey || event.metaKey || event.altKey) return;
  const now = uplot.cursor.idx ?? uplot.data[0].length - 1;
  if (moveByKey(uplot, event)) return event.preventDefault();
  if (event.key === "+" || event.key === "=") closer(uplot, now, 0.5);
  else if (event.key === "-") closer(uplot, now, 2);
  else return;
  event.preventDefault();
}

function closer(uplot, index, factor) {
  const xs = uplot.data[0];
  const [low, high] = view.range ?? [xs[0], xs[xs.length - 1]];
  const half = ((high - low) * factor) / 2;
  const from = Math.max(xs[0], xs[index] - half);
  const to = Math.min(xs[xs.length - 1], xs[index] + half);
  if (to > from) setView({ range: from <= xs[0] && to >= xs[xs.length - 1] ? null : [from, to] });
  moveTo(uplot, index);
}
