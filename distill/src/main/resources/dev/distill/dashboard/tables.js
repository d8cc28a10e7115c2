// The table of trainings.
import { newest, show, store } from "./store.js";
import { count, duration, element, number, replaceChildrenIfNew, swatch } from "./figures.js";

export function drawTrainings(onChange) {
  const trainings = [...store.trainings.values()];
  document.getElementById("runs-none").hidden = trainings.length > 0;
  document.getElementById("runs-scroll").hidden = trainings.length === 0;
  const body = document.querySelector("#runs tbody");
  replaceChildrenIfNew(body, JSON.stringify(trainings.map(({ id, line }) => [id, line])), () =>
    trainings.map((training) => row(training, onChange)),
  );
  trainings.forEach((training, index) => fill(body.children[index], training));
}

function row(training, onChange) {
  const box = element("input", { type: "checkbox" });
  box.checked = training.shown;
  box.addEventListener("change", () => {
    show(store.trainings.get(training.id) ?? training, box.checked);
    onChange();
  });
  const name = element("label", {}, box, swatch(training.line), training.id);
  const cells = Array.from({ length: 6 }, () => element("td"));
  return element("tr", {}, element("th", { scope: "row" }, name), ...cells);
}

function fill(line, training) {
  const { steps, meta } = training;
  const step = steps.step.at(-1) ?? 0;
  const cells = line.querySelectorAll("td");
  cells[0].className = `state ${meta.state}`;
  cells[0].textContent = meta.state;
  const all = meta.steps;
  const key = `${step} ${all}`;
  replaceChildrenIfNew(cells[1], key, () => [
    all ? `${count(step)} of ${count(all)}` : count(step),
    ...(all ? [element("progress", { value: step, max: all, "aria-label": `${training.id}: steps done` })] : []),
  ]);
  cells[2].textContent = number(newest(training, "loss"));
  cells[3].textContent = number(newest(training, "val_loss"));
  cells[4].textContent = count(meanRate(training));
  cells[5].textContent = meta.state === "running" && all ? left(training, step, all) : "";
}

/** Over the last hundred steps: one alone says little. */
function meanRate({ steps }) {
  const tokens = (steps.figures.get("tokens") ?? []).slice(-100).reduce((sum, value) => sum + (value ?? 0), 0);
  const seconds = (steps.figures.get("seconds") ?? []).slice(-100).reduce((sum, value) => sum + (value ?? 0), 0);
  return seconds > 0 ? tokens / seconds : null;
}

function left({ steps }, step, all) {
  const seconds = (steps.figures.get("seconds") ?? []).slice(-100).filter((value) => value !== null && value > 0);
  if (seconds.length === 0) return "";
  const mean = seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
  return duration(mean * (all - step));
}
