// The resolved settings of the trainings that are shown, a column each.
import { shownTrainings } from "./store.js";
import { element, replaceChildrenIfNew, swatch } from "./figures.js";

export function drawSettings() {
  const trainings = shownTrainings().filter((training) => Object.keys(training.settings).length > 0);
  document.getElementById("settings").hidden = trainings.length === 0;
  const all = document.getElementById("settings-all").checked;
  const keys = [...new Set(trainings.flatMap((training) => Object.keys(training.settings)))];
  const differing = keys.filter((key) => new Set(trainings.map((training) => training.settings[key])).size > 1);
  document.getElementById("settings-note").textContent =
    trainings.length < 2
      ? "Show two trainings to see in what they differ."
      : differing.length === 0
        ? "No setting differs."
        : `In ${differing.length} of ${keys.length} settings they differ.`;
  const rows = all ? keys : differing;
  const table = document.getElementById("settings-table");
  const key = JSON.stringify([rows, trainings.map(({ id, line, settings }) => [id, line, rows.map((k) => settings[k])])]);
  replaceChildrenIfNew(table, key, () => (rows.length === 0 ? [] : [head(trainings), body(rows, trainings, differing)]));
}

function head(trainings) {
  const names = trainings.map(({ id, line }) => element("th", { scope: "col" }, swatch(line), " ", id));
  return element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Key"), ...names));
}

function body(rows, trainings, differing) {
  return element(
    "tbody", {},
    ...rows.map((key) =>
      element(
        "tr", { class: differing.includes(key) ? "differs" : "same" },
        element("th", { scope: "row" }, key),
        ...trainings.map(({ settings }) => element("td", {}, settings[key] ?? "\u2014")),
      ),
    ),
  );
}
