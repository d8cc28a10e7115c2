// What the students write: the newest answers, or those of an earlier step.
import { shownTrainings } from "./store.js";
import { count, element, replaceChildrenIfNew, swatch } from "./figures.js";

const chosen = new Map(); // training's id -> step; absent: the newest

export function drawSamples() {
  const trainings = shownTrainings().filter((training) => training.samples.length > 0);
  document.getElementById("samples").hidden = trainings.length === 0;
  const list = document.getElementById("samples-of");
  list.className = "columns";
  const ids = JSON.stringify(trainings.map(({ id, line }) => [id, line]));
  replaceChildrenIfNew(list, ids, () => trainings.map(frame));
  trainings.forEach((training, index) => fill(list.children[index], training));
}

function frame(training) {
  const slider = element("input", { type: "range", min: "0", step: "1", "aria-label": `${training.id}: step of the samples` });
  const box = element(
    "div", {},
    element("h3", {}, swatch(training.line), " ", training.id),
    element("div", { class: "when" }, element("span"), slider),
    element("div", { class: "answers" }),
  );
  slider.addEventListener("input", () => {
    const last = Number(slider.max);
    if (Number(slider.value) === last) chosen.delete(training.id);
    else chosen.set(training.id, Number(slider.value));
    drawSamples();
  });
  return box;
}

function fill(box, training) {
  const steps = [...new Set(training.samples.map((sample) => sample.step))].sort((a, b) => a - b);
  const at = Math.min(chosen.get(training.id) ?? steps.length - 1, steps.length - 1);
  const slider = box.querySelector("input");
  slider.max = String(steps.length - 1);
  slider.value = String(at);
  slider.setAttribute("aria-valuetext", `step ${steps[at]}`);
  box.querySelector(".when span").textContent = `after step ${count(steps[at])}`;
  const samples = training.samples.filter((sample) => sample.step === steps[at]);
  replaceChildrenIfNew(box.querySelector(".answers"), JSON.stringify(samples), () => samples.map(sampleOf));
}

function sampleOf({ question, reasoning, answer, finish_reason: finish, new_tokens: tokens }) {
  const cut = finish === "length" ? ", cut off" : "";
  return element(
    "div", { class: "sample" },
    element("p", { class: "question" }, String(question)),
    reasoning ? element("pre", { tabindex: "0", "aria-label": "Reasoning" }, String(reasoning)) : null,
    element("pre", { class: "answer", tabindex: "0", "aria-label": "Answer" }, String(answer || (cut ? "\u2026" : "(nothing)"))),
    element("small", {}, `${count(tokens)} tokens${cut}`),
  );
}
