// The runs of one stage, each a block that opens: its name and state, a bar of how far it is, figures, and what the stage has to say.
import { element, replaceChildrenIfNew, tile } from "./figures.js";

/**
 * @param section id of the part of the page, hidden while no run has come to the stage
 * @param list id of the element in it that takes the blocks
 * @param label what the bar counts
 * @param far of what is told of a run: [how far, of how much], or null when it is over
 * @param figures of the same: rows of [name, value, remark]
 * @param body of a run's name and the same: elements; made anew only when it changes
 * @return draws what is told of the runs, a map by their names
 */
export function runBlocks({ section, list, label, far, figures, body }) {
  const blocks = new Map();
  let shown = new Map();

  function draw(runs) {
    shown = runs;
    const names = [...runs.keys()].sort();
    document.getElementById(section).hidden = names.length === 0;
    for (const name of [...blocks.keys()]) if (!runs.has(name)) blocks.delete(name);
    replaceChildrenIfNew(document.getElementById(list), JSON.stringify(names), () => names.map((name) => block(name).details));
    for (const name of names) fill(blocks.get(name), name, runs.get(name));
  }

  function block(name) {
    if (blocks.has(name)) return blocks.get(name);
    const made = {
      state: element("span"), bar: element("progress", { "aria-label": `${name}: ${label}` }),
      tiles: element("dl", { class: "tiles" }), rest: element("div"),
    };
    made.details = element(
      "details", { class: "run", open: shown.size === 1 || shown.get(name).state === "running" },
      element("summary", {}, element("h3", {}, name, " ", made.state)), made.bar, made.tiles, made.rest,
    );
    made.details.addEventListener("toggle", () => draw(shown));
    blocks.set(name, made);
    return made;
  }

  function fill({ details, state, bar, tiles, rest }, name, told) {
    state.className = `state ${told.state}`;
    state.textContent = told.state;
    const [value, most] = far(told) ?? [0, 1];
    bar.hidden = far(told) === null;
    bar.max = Math.max(1, most);
    bar.value = value;
    if (!details.open) return;
    const rows = figures(told);
    replaceChildrenIfNew(tiles, JSON.stringify(rows), () => rows.map(([what, text, more]) => tile(what, text, more)));
    const { progress: _, state: __, ...report } = told;
    replaceChildrenIfNew(rest, JSON.stringify(report), () => body(name, told));
  }

  return draw;
}

/** What is left, by what the part that is done took; empty where that says nothing. */
export function secondsLeft({ state, progress: p }, part) {
  const seconds = (Date.parse(p.at) - Date.parse(p.begun)) / 1000;
  return state === "running" && part > 0 && part < 1 && seconds > 0 ? (seconds / part) * (1 - part) : null;
}

/** A table in a box that scrolls where the screen is narrow; each row begins with its name. */
export function table(label, attributes, heads, rows) {
  const head = heads.map((text) => (text === "" ? element("td") : element("th", { scope: "col" }, text)));
  return element(
    "div", { class: "scroll", role: "region", "aria-label": label, tabindex: "0" },
    element("table", attributes, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)),
  );
}

/** A bar of parts, each [class, size, what it is]. */
export function stack(parts, all) {
  const some = parts.filter(([, size]) => size > 0);
  return element(
    "td", { class: "bar" },
    element("div", { class: "stack", "aria-hidden": "true" }, ...some.map(([name, size, what]) => {
      const part = element("i", { class: name, title: what ?? null });
      part.style.width = `${(100 * size) / Math.max(1, all)}%`;
      return part;
    })),
  );
}
