// Listens to the server, and draws at most a few times a second.
import { forget, store, takeCuration, takeEvaluation, takeFailed, takeHistory, takeRuns, takeSamples, takeSteps } from "./store.js";
import { draw, makeCharts, redraw, setView } from "./charts.js";
import { drawCurations } from "./curation.js";
import { drawEvaluations } from "./evaluation.js";
import { drawHarvests, redrawHarvests } from "./harvest.js";
import { drawTrainings } from "./tables.js";
import { drawSamples } from "./samples.js";
import { drawSettings } from "./settings.js";

const DRAW_MILLIS = 250;
const THEMES = { auto: "as the system", light: "light", dark: "dark" };
const by = (id) => document.getElementById(id);
let waiting = false;

function drawAll() {
  by("folder").textContent = store.folder.split("/").filter(Boolean).at(-1) ?? "";
  by("folder").title = store.folder;
  drawTrainings(drawAll);
  drawHarvests();
  drawCurations();
  drawEvaluations();
  by("charts").hidden = store.trainings.size === 0 && !["harvest", "curation", "evaluation"].every((stage) => by(stage).hidden);
  draw();
  drawSamples();
  drawSettings();
  document.body.dataset.drawn = String(Number(document.body.dataset.drawn ?? 0) + 1);
}

function drawSoon() {
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    drawAll();
  }, DRAW_MILLIS);
}

function listen() {
  const events = new EventSource("/events");
  const say = (text, mark) => {
    by("connection").textContent = text;
    by("connection").className = mark;
  };
  events.addEventListener("hello", () => {
    forget();
    say("Live: new steps appear by themselves", "live");
  });
  events.onerror = () => say("The dashboard does not answer; is it still running?", "lost");
  const take = (name, taker) =>
    events.addEventListener(name, (event) => {
      taker(JSON.parse(event.data));
      drawSoon();
    });
  take("runs", takeRuns);
  take("steps", takeSteps);
  take("samples", takeSamples);
  take("history", takeHistory);
  take("failed", takeFailed);
  take("curation", takeCuration);
  take("evaluation", takeEvaluation);
}

function keep(name, value) {
  try {
    localStorage.setItem("distill." + name, value);
  } catch {
    // a browser that keeps nothing
  }
}

function kept(name, otherwise) {
  try {
    return localStorage.getItem("distill." + name) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.querySelector("#theme span").textContent = THEMES[theme];
  keep("theme", theme);
  redrawAll();
}

function redrawAll() {
  redraw();
  redrawHarvests();
}

function nextTheme() {
  const names = Object.keys(THEMES);
  setTheme(names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length]);
}

function setSmoothing(value) {
  by("smoothing-value").textContent = Number(value).toFixed(3);
  keep("smoothing", value);
  setView({ smoothing: Number(value) });
}

function setLog(on) {
  by("log").checked = on;
  keep("log", on);
  setView({ log: on });
}

function setAxis(axis) {
  document.querySelector(`input[name=axis][value=${axis}]`).checked = true;
  setView({ axis });
}

const KEYS = {
  r: () => document.querySelector("#runs input")?.focus(),
  h: () => document.querySelector("#harvests summary")?.focus(),
  f: () => document.querySelector("#curations summary")?.focus(),
  e: () => document.querySelector("#evaluations summary")?.focus(),
  c: () => document.querySelector("#grid figure")?.focus(),
  s: () => by("smoothing").focus(),
  l: () => setLog(!by("log").checked),
  x: () => setAxis(document.querySelector("input[name=axis]:checked").value === "step" ? "time" : "step"),
  d: nextTheme,
  0: () => setView({ range: null }),
  "?": () => by("help").showModal(),
};

function control() {
  by("smoothing").value = kept("smoothing", "0.95");
  by("smoothing").addEventListener("input", (event) => setSmoothing(event.target.value));
  by("log").addEventListener("change", (event) => setLog(event.target.checked));
  for (const radio of document.querySelectorAll("input[name=axis]")) {
    radio.addEventListener("change", () => setAxis(radio.value));
  }
  by("zoom-out").addEventListener("click", () => setView({ range: null }));
  by("theme").addEventListener("click", nextTheme);
  by("help-button").addEventListener("click", () => by("help").showModal());
  by("settings-all").addEventListener("change", drawSettings);
  document.querySelector("form.tools").addEventListener("submit", (event) => event.preventDefault());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || by("help").open) return;
    const act = KEYS[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}

makeCharts(by("grid"), (range) => {
  by("zoom-out").disabled = range === null;
});
control();
setTheme(kept("theme", "auto") in THEMES ? kept("theme", "auto") : "auto");
setLog(kept("log", "false") === "true");
setSmoothing(by("smoothing").value);
listen();
