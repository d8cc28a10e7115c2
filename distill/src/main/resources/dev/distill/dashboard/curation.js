// The curations: how far one is, what is left behind each check, and what each dropped.
import { store } from "./store.js";
import { count, duration, element, money, number } from "./figures.js";
import { runBlocks, secondsLeft, stack, table } from "./blocks.js";
import { story } from "./story.js";

const draw = runBlocks({
  section: "curation", list: "curations", label: "traces looked at",
  far: ({ progress }) => (progress ? [progress.looked_at ?? 0, progress.traces ?? 1] : null),
  figures: (c) => [...(c.progress ? progressFigures(c) : []), ...(c.steps ? figures(c) : [])],
  body: (name, c) => (c.steps ? parts(name, c) : []),
});

export function drawCurations() {
  draw(store.curations);
}

function progressFigures(c) {
  const p = c.progress;
  const rows = [["Looked at", count(p.looked_at), `of ${count(p.traces)}`]];
  if (p.looked_at < p.traces) {
    const left = secondsLeft(c, p.looked_at / p.traces);
    if (left !== null) rows.push(["Left", duration(left), `${number((p.traces - p.looked_at) / left, 3)} a second`]);
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

function funnel(name, c) {
  const row = (label, left, gone) =>
    element(
      "tr", {},
      element("th", { scope: "row" }, label), stack([["left", left], ["gone", gone]], c.read),
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
      element("th", { scope: "row" }, name === undefined ? `${count(others)} others` : name || "not known"), stack([["left", kept], ["gone", read - kept]], read),
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
