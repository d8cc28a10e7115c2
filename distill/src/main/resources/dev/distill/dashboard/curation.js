// The curations: how far one is, what is left behind each check, and what each dropped.
import { store } from "./store.js";
import { count, duration, element, money, number, replaceChildrenIfNew, tile } from "./figures.js";
import { story } from "./story.js";

const blocks = new Map(); // run's name -> its block on the page

export function drawCurations() {
  const names = [...store.curations.keys()].sort();
  document.getElementById("curation").hidden = names.length === 0;
  for (const name of [...blocks.keys()]) if (!store.curations.has(name)) blocks.delete(name);
  const list = document.getElementById("curations");
  replaceChildrenIfNew(list, JSON.stringify(names), () => names.map((name) => block(name, names.length).details));
  for (const name of names) fill(blocks.get(name), name, store.curations.get(name));
}

function block(name, runs) {
  if (blocks.has(name)) return blocks.get(name);
  const state = element("span");
  const bar = element("progress", { "aria-label": `${name}: traces looked at` });
  const tiles = element("dl", { class: "tiles" });
  const body = element("div");
  const running = store.curations.get(name).state === "running";
  const details = element(
    "details", { class: "run", open: runs === 1 || running },
    element("summary", {}, element("h3", {}, name, " ", state)), bar, tiles, body,
  );
  const made = { details, state, bar, tiles, body };
  details.addEventListener("toggle", drawCurations);
  blocks.set(name, made);
  return made;
}

function fill({ details, state, bar, tiles, body }, name, c) {
  state.className = `state ${c.state}`;
  state.textContent = c.state;
  bar.hidden = !c.progress;
  bar.max = Math.max(1, c.progress?.traces ?? 1);
  bar.value = c.progress?.looked_at ?? 0;
  if (!details.open) return;
  const rows = [...(c.progress ? progressFigures(c) : []), ...(c.steps ? figures(c) : [])];
  replaceChildrenIfNew(tiles, JSON.stringify(rows), () => rows.map(([what, value, more]) => tile(what, value, more)));
  const { progress: _, state: __, ...report } = c;
  replaceChildrenIfNew(body, JSON.stringify(report), () => (c.steps ? parts(name, c) : []));
}

function progressFigures({ state, progress: p }) {
  const rows = [["Looked at", count(p.looked_at), `of ${count(p.traces)}`]];
  if (p.looked_at < p.traces) {
    const seconds = (Date.parse(p.at) - Date.parse(p.begun)) / 1000;
    if (state === "running" && p.looked_at > 0 && seconds > 0) {
      rows.push(["Left", duration((seconds / p.looked_at) * (p.traces - p.looked_at)), `${number(p.looked_at / seconds, 3)} a second`]);
    }
  } else {
    rows.push(["Decided", count(p.decided), p.decided === 0 ? "it chooses among what is left" : `of ${count(p.traces)}`]);
  }
  return rows;
}

function figures(c) {
  const all = Object.entries(c.spent).filter(([, amount]) => Number(amount) > 0);
  const each = Object.entries(c.spent_per_kept);
  return [
    ["Read", count(c.read), "traces"],
    ["Kept", count(c.kept), share(c.kept, c.read)],
    ["Dropped", count(c.read - c.kept), share(c.read - c.kept, c.read)],
    ...each.map(([currency, amount]) => {
      const sum = all.find(([name]) => name === currency)?.[1] ?? 0;
      return ["A kept trace", money(amount, currency), `of ${money(sum, currency)} in all`];
    }),
  ];
}

export function share(part, whole) {
  return whole > 0 ? `${number((100 * part) / whole, 3)} %` : "";
}

function parts(name, c) {
  const sets = c.steps.filter(({ check }) => check === "contamination").flatMap(({ kinds }) => kinds);
  return [
    ...funnel(name, c),
    ...checks(name, c),
    element("div", { class: "columns" }, contamination(name, c, sets), sources(name, c)),
    ...examples(name, c),
  ];
}

/** A table in a box that scrolls where the screen is narrow; each row begins with its name. */
function table(label, attributes, heads, rows) {
  const head = heads.map((text) => (text === "" ? element("td") : element("th", { scope: "col" }, text)));
  return element(
    "div", { class: "scroll", role: "region", "aria-label": label, tabindex: "0" },
    element("table", attributes, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)),
  );
}

/** What is left, of all, and beside it what has just gone. */
function stack(left, gone, all) {
  const parts = [["left", left], ["gone", gone]].filter(([, size]) => size > 0);
  return element(
    "td", { class: "bar" },
    element("div", { class: "stack", "aria-hidden": "true" }, ...parts.map(([name, size]) => {
      const part = element("i", { class: name });
      part.style.width = `${(100 * size) / Math.max(1, all)}%`;
      return part;
    })),
  );
}

function funnel(name, c) {
  const row = (label, left, gone) =>
    element(
      "tr", {},
      element("th", { scope: "row" }, label), stack(left, gone, c.read),
      element("td", {}, count(left)), element("td", {}, share(left, c.read)), element("td", {}, gone > 0 ? `\u2212${count(gone)}` : ""),
    );
  const steps = c.steps.filter(({ dropped }) => dropped > 0);
  const idle = c.steps.length - steps.length;
  return [
    element("h4", {}, "What is left"),
    element("p", { class: "note" }, "A trace goes at the first check that it fails, in this order.", idle > 0 ? ` ${count(idle)} that dropped nothing are not drawn.` : ""),
    table(`${name}: what is left behind each check`, { class: "funnel" }, ["Behind", "", "Left", "Share", "Gone"], [
      row("read", c.read, 0),
      ...steps.map(({ words, left, dropped }) => row(words, left, dropped)),
      row("kept", c.kept, 0),
    ]),
  ];
}

function checks(name, c) {
  const alone = c.steps.some(({ kinds }) => kinds.some((kind) => kind.alone !== undefined));
  const cells = (kind) => [kind.dropped, kind.failed, kind.only, ...(alone ? [kind.alone] : [])].map((value) => element("td", {}, count(value)));
  const rows = c.steps.flatMap((step) => {
    if (step.kinds.length === 1) return [element("tr", {}, element("th", { scope: "row" }, ...named(step.kinds[0])), ...cells(step.kinds[0]))];
    const sum = { dropped: step.dropped }; // a trace may fail several kinds: no other sum holds
    return [
      element("tr", {}, element("th", { scope: "row" }, ...named({ words: step.words, name: step.check })), ...cells(sum)),
      ...step.kinds.map((kind) => element("tr", { class: "kind" }, element("th", { scope: "row" }, ...named(kind)), ...cells(kind))),
    ];
  });
  const heads = ["Check", "Dropped", "Failed in all", "Only this one", ...(alone ? ["Alone"] : [])];
  return [
    element("h4", {}, "Checks"),
    element(
      "p", { class: "note" }, "Failed in all: also those that another check had dropped before, or that are kept with a label. Only this one: that no other filter would have dropped.",
      alone ? " Alone: what it would drop if there were no other." : " distill curate with --explain finds out what each would drop alone.",
    ),
    table(`${name}: checks`, { class: "checks" }, heads, rows),
  ];
}

/** In words, and as recipes call it where that is something else. */
function named({ words, name }) {
  return words === name ? [words] : [words, " ", element("small", {}, name)];
}

function contamination(run, c, sets) {
  if (sets.length === 0) return null;
  const rows = sets.map(({ name, dropped, failed }) =>
    element(
      "tr", {},
      element("th", { scope: "row" }, name.slice(name.indexOf(":") + 1)),
      element("td", {}, count(failed)), element("td", {}, share(failed ?? 0, c.read)), element("td", {}, count(dropped)),
    ),
  );
  return element(
    "div", {},
    element("h4", {}, "Contamination, by held-out set"),
    table(`${run}: contamination`, { class: "sets" }, ["Held-out set", "Found in", "Share", "Dropped for it"], rows),
  );
}

function sources(run, c) {
  if (c.sources.length === 0) return null;
  const rows = c.sources.map(({ name, others, read, kept }) =>
    element(
      "tr", {},
      element("th", { scope: "row" }, name === undefined ? `${count(others)} others` : name || "not known"), stack(kept, read - kept, read),
      element("td", {}, count(read)), element("td", {}, count(kept)), element("td", {}, share(kept, read)),
    ),
  );
  return element("div", {}, element("h4", {}, "Sources"), table(`${run}: sources`, { class: "sources" }, ["Source", "", "Read", "Kept", "Share"], rows));
}

function examples(run, c) {
  const kinds = c.steps.flatMap(({ kinds }) => kinds).filter(({ examples }) => examples.length > 0);
  if (kinds.length === 0) return [];
  return [
    element("h4", {}, "Examples"),
    element("p", { class: "note" }, "Open a reason for the values that decided, and a value for the whole trace."),
    ...kinds.map((kind) =>
      element(
        "details", { class: "reason" },
        element("summary", {}, ...named(kind), ` ${count(kind.examples.length)} of ${count(kind.dropped)}`),
        ...kind.examples.map((example) => story(run, example)),
      ),
    ),
  ];
}
