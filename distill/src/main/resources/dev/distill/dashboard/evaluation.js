// The evaluations: how far one is, what each model scored, what became of its answers, and the way to the report with all of them.
import { store } from "./store.js";
import { count, duration, element, number } from "./figures.js";
import { runBlocks, secondsLeft, stack, table } from "./blocks.js";

const GRADES = [
  ["right", "right"], ["wrong", "wrong"], ["undecided", "undecided"], ["no_answer", "no answer"], ["truncated", "cut off"], ["infra_error", "failed, not counted"],
];

const draw = runBlocks({
  section: "evaluation", list: "evaluations", label: "answers", far: ({ progress }) => (progress ? [part(progress), 1] : null),
  figures: (told) => (told.progress ? progressFigures(told) : []),
  body: (name, { tasks, page }) => (tasks ? [...scores(name, tasks), ...differences(tasks), ...report(name, page)] : []),
});

export function drawEvaluations() {
  draw(store.evaluations);
}

/** How much of all rounds has been asked: those that are over, and the share of the one that is not. */
function part({ rounds, asked }) {
  const sum = (asked ?? []).reduce((so, { done, all }) => so + (all > 0 ? done / all : 1), 0);
  return rounds > 0 ? sum / rounds : 0;
}

function progressFigures(told) {
  const { rounds, asked } = told.progress;
  const now = asked?.at(-1);
  const rows = [["Task", now?.task ?? "none yet", `${count(asked?.length ?? 0)} of ${count(rounds)}`]];
  if (now) rows.push(["Answers", count(now.done), `of ${count(now.all)}`]);
  const left = secondsLeft(told, part(told.progress));
  if (left !== null) rows.push(["Left", duration(left), "if the tasks take alike"]);
  return rows;
}

const percent = (value, digits = 3) => (value === null || value === undefined ? "" : `${number(100 * value, digits)} %`);

function scores(name, tasks) {
  const rows = tasks.flatMap(({ task, models }) => models.map((model, index) => row(index === 0 ? task : "", task, model)));
  return [
    element("h4", {}, "Scores"),
    element("p", { class: "note" }, "Share of right answers over questions, with the interval that has the true one in 95 of 100 cases. What failed for want of a server, a sandbox or a judge is not counted."),
    table(`${name}: scores`, { class: "scores" }, ["Task", "Model", "", "Score", "95 %", "Questions", "Tokens", "What became of the answers", ""], rows),
    element("p", { class: "note key" }, ...GRADES.flatMap(([mark, words]) => [element("i", { class: `swatch ${mark}`, "aria-hidden": "true" }), ` ${words} `])),
  ];
}

function row(title, task, { model, questions, samples, pass_at_1: score, grades, mean_tokens: tokens }) {
  const counts = GRADES.map(([mark, words]) => [mark, grades?.[mark] ?? 0, words]);
  const said = counts.filter(([, size]) => size > 0).map(([, size, words]) => `${count(size)} ${words}`);
  return element(
    "tr", {},
    element("th", { scope: "row", "aria-label": `${task}, ${model}` }, title), element("td", { class: "model" }, model), interval(score),
    element("td", {}, percent(score?.value)), element("td", {}, within(score)),
    element("td", {}, count(questions), samples > 1 ? ` \u00d7 ${count(samples)}` : ""), element("td", {}, count(tokens)),
    stack(counts, counts.reduce((sum, [, size]) => sum + size, 0)), element("td", { class: "said" }, said.join(", ")),
  );
}

function within(score) {
  return typeof score?.low === "number" ? `${number(100 * score.low, 3)} to ${number(100 * score.high, 3)}` : "";
}

/** A line from 0 to 100 % with the interval on it, and a mark where the score is. */
function interval(score) {
  const line = element("div", { class: "interval", "aria-hidden": "true" });
  if (typeof score?.value === "number") {
    const range = element("i");
    range.style.left = `${100 * score.low}%`;
    range.style.width = `${100 * (score.high - score.low)}%`;
    const mark = element("b");
    mark.style.left = `${100 * score.value}%`;
    line.append(range, mark);
  }
  return element("td", { class: "bar" }, line);
}

function differences(tasks) {
  const points = (value) => `${value > 0 ? "+" : ""}${number(100 * value, 3)}`.replace("-", "\u2212");
  return tasks
    .filter(({ difference, models }) => typeof difference?.second_minus_first?.value === "number" && models.length > 1)
    .map(({ task, models, difference: d }) => {
      const { value, low, high } = d.second_minus_first;
      return element(
        "p", { class: "difference" },
        `${task}: ${models.at(-1).model} less ${models[0].model} is ${points(value)} points (${points(low)} to ${points(high)}); better on ${count(d.second_better)}, worse on ${count(d.first_better)}, p = ${number(d.p, 2)} (${d.test}).`,
      );
    });
}

function report(name, page) {
  if (!page) return [];
  return [element("p", {}, element("a", { href: `/report?run=${encodeURIComponent(name)}`, target: "_blank", rel: "noreferrer" }, "The report, with every answer"))];
}
