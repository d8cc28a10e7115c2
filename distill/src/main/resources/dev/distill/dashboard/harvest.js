// The harvests: figures of now, charts over time, who has paid when, and what has failed.
/* global uPlot */
import { harvestOf, store } from "./store.js";
import { count, duration, element, money, number, replaceChildrenIfNew, swatch, tile } from "./figures.js";
import { HEIGHT, around, axis, colour, moveByKey, shortCount } from "./plot.js";

const CHARTS = [
  { title: "Money", of: ["spent", "spent_in_the_end", "budget"], names: ["spent", "in the end", "budget"], money: true },
  { title: "Traces", of: ["completed", "accepted", "failed"], names: ["completed", "right", "failed"] },
  { title: "Requests", of: ["in_flight", "in_flight_limit"], names: ["in flight", "limit"] },
  { title: "Tokens a second", of: ["tokens_per_s"], names: ["tokens a second"] },
  { title: "Money for one", of: ["spent_each", "spent_each_in_the_end"], names: ["so far", "in the end"], money: true },
  { title: "Prompts from the provider's cache, %", of: ["cached"], names: ["of their tokens"] },
];
const LINES = [0, 1, 4];
const blocks = new Map(); // run's name -> its block on the page

export function drawHarvests() {
  const runs = store.runs.filter((run) => run.harvest);
  document.getElementById("harvest").hidden = runs.length === 0;
  for (const name of [...blocks.keys()]) if (!runs.some((run) => run.name === name)) blocks.delete(name);
  const list = document.getElementById("harvests");
  replaceChildrenIfNew(list, JSON.stringify(runs.map((run) => run.name)), () => runs.map((run) => block(run, runs.length).details));
  for (const run of runs) fill(blocks.get(run.name), run);
}

/** The theme has changed: canvases do not follow the style sheet. */
export function redrawHarvests() {
  for (const { charts } of blocks.values()) for (const chart of charts) chart.key = "";
  drawHarvests();
}

function block({ name, harvest }, runs) {
  if (blocks.has(name)) return blocks.get(name);
  const state = element("span");
  const bar = element("progress", { "aria-label": `${name}: traces harvested` });
  const tiles = element("dl", { class: "tiles" });
  const charts = CHARTS.map((spec) => chart(name, spec));
  const spent = element("div", { class: "columns" });
  const failed = element("div");
  const made = { charts, state, bar, tiles, spent, failed };
  made.details = element(
    "details", { class: "run", open: runs === 1 || harvest.state === "running" },
    element("summary", {}, element("h3", {}, name, " ", state)),
    bar, tiles, element("div", { class: "grid" }, ...charts.map(({ figure }) => figure)), spent, failed,
  );
  made.details.addEventListener("toggle", drawHarvests);
  blocks.set(name, made);
  return made;
}

function fill({ details, state, bar, tiles, charts, spent, failed }, { name, harvest: h }) {
  state.className = `state ${h.state}`;
  state.textContent = h.state;
  bar.max = Math.max(1, h.units);
  bar.value = h.completed + h.failed;
  if (!details.open) return;
  replaceChildrenIfNew(tiles, JSON.stringify(h), () => figures(h).map(([what, value, more, alarm]) => tile(what, value, more, alarm)));
  const { history, failed: units } = harvestOf(name);
  for (const each of charts) drawChart(each, history, h);
  const tables = [["failures", h.failures], ["day", h.spent_by_day], ["key", h.spent_by_key]];
  replaceChildrenIfNew(spent, JSON.stringify(tables), () => [
    bars("Failed, by cause", "Cause", h.failures, (value) => count(value), (reason) => reason.replaceAll("_", " ")),
    bars("Spent, by day (UTC)", "Day", h.spent_by_day, (value) => money(value, h.currency)),
    bars("Spent, by key", "Key", h.spent_by_key, (value) => money(value, h.currency), (key) => key || "none or not known"),
  ].filter((table) => table !== null));
  replaceChildrenIfNew(failed, JSON.stringify([units.length, units.at(-1), units[0]]), () => (units.length === 0 ? [] : failures(name, units)));
}

function figures(h) {
  const running = h.state === "running";
  const done = h.completed + h.failed;
  const rows = [["Done", count(done), `of ${count(h.units)}` + (h.units > 0 ? `, ${Math.floor((100 * done) / h.units)} %` : "")]];
  if (h.accepted !== undefined) {
    const share = h.completed > 0 ? `${Math.round((100 * h.accepted) / h.completed)} % of the replies` : "";
    rows.push(["Right", count(h.accepted), share]);
  }
  rows.push(["Failed", count(h.failed), `${count(h.retries)} retries`, h.failed > 0]);
  if (running && done < h.units) {
    const speed = h.units_per_s > 0 ? rate(h.units_per_s) : "";
    rows.push(["Left", h.left_s === undefined ? "not known yet" : duration(h.left_s), speed]);
    rows.push(["In flight", count(h.in_flight), h.in_flight_limit === undefined ? "" : `of ${count(h.in_flight_limit)} at most now`]);
  }
  const speed = running && h.tokens_per_s > 0 ? `${count(h.tokens_per_s)} a second` : "";
  rows.push(["Tokens", shortCount(h.bought_tokens), speed]);
  if (h.prompt_tokens > 0) rows.push(["From the cache", `${number((100 * h.cache_hit_tokens) / h.prompt_tokens, 3)} %`, "of the prompts"]);
  rows.push(["Spent", money(h.spent, h.currency), h.budget === undefined ? "" : `of ${money(h.budget, h.currency)}`]);
  if (h.spent_in_the_end !== undefined && done < h.units) {
    const tooDear = h.budget !== undefined && Number(h.spent_in_the_end) > Number(h.budget);
    rows.push(["In the end", money(h.spent_in_the_end, h.currency), tooDear ? "over the budget" : "as it goes now", tooDear]);
  }
  if (h.spent_each !== undefined) {
    const what = h.accepted === undefined ? "A trace" : "A right answer";
    const later = done < h.units && h.spent_each_in_the_end !== undefined ? `${money(h.spent_each_in_the_end, "").trim()} in the end` : "";
    rows.push([what, money(h.spent_each, h.currency), later]);
  }
  return rows;
}

function rate(perSecond) {
  return perSecond < 1 ? `${number(perSecond * 60, 3)} a minute` : `${number(perSecond, 3)} a second`;
}

function bars(title, head, values, said, named = (name) => name) {
  const rows = Object.entries(values ?? {});
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map(([, value]) => Number(value)));
  const body = rows.map(([name, value]) =>
    element(
      "tr", {},
      element("th", { scope: "row" }, named(name)),
      element("td", { class: "bar" }, element("progress", { value: Number(value), max: most || 1, "aria-hidden": "true" })),
      element("td", {}, said(value)),
    ),
  );
  const columns = element("tr", {}, element("th", { scope: "col" }, head), element("td"), element("th", { scope: "col" }, title.split(",")[0]));
  return element(
    "div", { class: "scroll low", role: "region", "aria-label": title, tabindex: "0" },
    element("h4", {}, title), element("table", {}, element("thead", {}, columns), element("tbody", {}, ...body)),
  );
}

function failures(name, units) {
  const heads = ["Question", "Cause", "What happened", "Requests", "Next time", "When"];
  const body = [...units].reverse().map((unit) =>
    element(
      "tr", {},
      element("th", { scope: "row", class: "wide", title: `unit ${unit.unit}` }, unit.question),
      element("td", {}, String(unit.reason).replaceAll("_", " ")),
      element("td", { class: "wide" }, unit.detail),
      element("td", {}, count(unit.attempts)),
      element("td", {}, unit.asked_again ? "asked again" : "left out"),
      element("td", {}, String(unit.at).slice(0, 19).replace("T", " ")),
    ),
  );
  return [
    element("h4", {}, "Units without a reply"),
    element("p", { class: "note" }, "distill harvest with --retry-failed asks for all of these again, and for nothing else."),
    element(
      "div", { class: "scroll low failed", role: "region", "aria-label": `${name}: units without a reply`, tabindex: "0" },
      element(
        "table", {},
        element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
        element("tbody", {}, ...body),
      ),
    ),
  ];
}

function chart(run, spec) {
  const plot = element("div", { class: "plot" });
  const reading = element("div", { class: "reading" });
  const figure = element(
    "figure", { tabindex: "0", role: "group", "aria-label": `${run}: ${spec.title}. Arrows read values.` },
    element("figcaption", {}, spec.title), plot, reading,
  );
  const made = { spec, figure, plot, reading, uplot: null, key: "" };
  figure.addEventListener("keydown", (event) => {
    if (made.uplot && !event.ctrlKey && !event.metaKey && !event.altKey && moveByKey(made.uplot, event)) event.preventDefault();
  });
  figure.addEventListener("focus", () => reading.setAttribute("aria-live", "polite"));
  figure.addEventListener("blur", () => reading.removeAttribute("aria-live"));
  new ResizeObserver(() => {
    const width = plot.clientWidth;
    if (made.uplot && width > 0 && width !== made.uplot.width) made.uplot.setSize({ width, height: HEIGHT });
  }).observe(plot);
  return made;
}

function value(line, name, h) {
  if (name === "budget") return h.budget === undefined ? null : Number(h.budget);
  if (name === "cached") return line.prompt_tokens > 0 ? (100 * line.cache_hit_tokens) / line.prompt_tokens : null;
  return line[name] === undefined ? null : Number(line[name]);
}

function drawChart(made, history, h) {
  const { spec } = made;
  const series = spec.of
    .map((name, index) => ({ name: spec.names[index], line: LINES[index], values: history.map((line) => value(line, name, h)) }))
    .filter(({ values }) => values.some((one) => one !== null));
  made.figure.hidden = series.length === 0;
  if (made.figure.hidden || made.plot.clientWidth === 0) return;
  const data = [history.map((line) => Date.parse(line.at) / 1000), ...series.map(({ values }) => values)];
  const key = JSON.stringify(series.map(({ name }) => name));
  if (made.uplot && made.key === key) {
    made.uplot.setData(data);
  } else {
    made.uplot?.destroy();
    made.uplot = new uPlot(options(made, series, h), data, made.plot);
    made.key = key;
  }
  made.series = series;
  read(made, h);
}

function options(made, series, h) {
  const { spec } = made;
  const ticks = (_, values) => values.map((tick) => (spec.money ? String(Number(tick.toPrecision(3))) : shortCount(tick)));
  return {
    width: made.plot.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      x: { range: (_, low, high) => [low, high > low ? high : low + 1] },
      y: { range: (_, low, high) => around(low, high, false, true) },
    },
    axes: [{ ...axis(), space: 70, values: (_, seconds) => clock(seconds) }, { ...axis(), size: 62, values: ticks }],
    series: [
      {},
      ...series.map(({ name, line }) => ({ label: name, stroke: colour("line-" + line), width: 2, spanGaps: true, points: { show: false }, dash: line === 0 ? [] : [6, 3] })),
    ],
    hooks: { setCursor: [() => read(made, h)] },
  };
}

/** Times of day, or days where there are several. */
function clock(seconds) {
  const span = seconds.at(-1) - seconds[0];
  const how = span > 172800 ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit", ...(span < 300 ? { second: "2-digit" } : {}) };
  return seconds.map((second) => new Date(second * 1000).toLocaleString("en-GB", how));
}

/** The values at the cursor, or the newest. */
function read(made, h) {
  const { uplot, reading, spec, series } = made;
  if (!uplot || !series) return;
  const at = uplot.cursor.idx ?? null;
  const row = at ?? uplot.data[0].length - 1;
  const parts = series.map(({ name, line, values }) => {
    const said = values[row] === null ? "" : spec.money ? money(values[row], h.currency) : shortCount(values[row]);
    return element("span", {}, swatch(line, line !== 0), `${name} ${said}`);
  });
  const when = at === null ? "newest" : new Date(uplot.data[0][row] * 1000).toLocaleString("en", { hour12: false, dateStyle: "medium", timeStyle: "medium" });
  reading.replaceChildren(element("span", {}, when), ...parts);
}
