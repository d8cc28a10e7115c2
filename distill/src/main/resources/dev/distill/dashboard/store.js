// What the server has told: trainings by id, each with its steps as columns, its samples, and how it is shown; of the runs' harvests
// how they went and what has failed; their curations and evaluations.

export const COLOURS = 8;

export const store = { folder: "", runs: [], trainings: new Map(), harvests: new Map(), curations: new Map(), evaluations: new Map() };

const hidden = new Set(); // ids that the user has switched off

function newTraining(id, line) {
  return { id, line, shown: !hidden.has(id), meta: {}, settings: {}, steps: emptySteps(), samples: [] };
}

/** Columns of equal length; time is what the steps took, in seconds, all before them included. */
function emptySteps() {
  return { step: [], time: [], figures: new Map(), domains: new Set() };
}

export function forget() {
  store.runs = [];
  store.trainings.clear();
  store.harvests.clear();
  store.curations.clear();
  store.evaluations.clear();
}

export function takeRuns({ folder, runs }) {
  store.folder = folder;
  store.runs = runs;
  const there = new Set();
  for (const run of runs) {
    for (const { settings, ...meta } of run.trainings) {
      there.add(meta.id);
      const training = store.trainings.get(meta.id) ?? newTraining(meta.id, freeLine());
      training.meta = meta;
      training.settings = settings;
      store.trainings.set(meta.id, training);
    }
  }
  for (const id of [...store.trainings.keys()]) {
    if (!there.has(id)) store.trainings.delete(id);
  }
}

function freeLine() {
  const used = [...store.trainings.values()].map((training) => training.line);
  for (let line = 0; line < COLOURS; line++) if (!used.includes(line)) return line;
  return used.length % COLOURS;
}

export function takeSteps({ training: id, replaced, lines }) {
  const training = store.trainings.get(id);
  if (!training) return;
  if (replaced) training.steps = emptySteps();
  for (const line of lines) addStep(training.steps, line);
}

function addStep(steps, { step, val_losses: domains, ...line }) {
  const row = steps.step.length;
  steps.step.push(step);
  steps.time.push((steps.time[row - 1] ?? 0) + (line.seconds ?? 0));
  for (const [name, value] of Object.entries(line)) {
    if (typeof value === "number") column(steps, name, row)[row] = value;
  }
  for (const [domain, value] of Object.entries(domains ?? {})) {
    steps.domains.add(domain);
    column(steps, "val_losses/" + domain, row)[row] = value;
  }
  for (const values of steps.figures.values()) if (values.length === row) values.push(null);
}

function column(steps, name, row) {
  let values = steps.figures.get(name);
  if (!values) steps.figures.set(name, (values = new Array(row).fill(null)));
  return values;
}

export function takeSamples({ training: id, replaced, lines }) {
  const training = store.trainings.get(id);
  if (!training) return;
  if (replaced) training.samples = [];
  training.samples.push(...lines);
}

/** A harvest's history and failed units, by its run's name; they may come before the run itself. */
export function harvestOf(run) {
  let harvest = store.harvests.get(run);
  if (!harvest) store.harvests.set(run, (harvest = { history: [], failed: [] }));
  return harvest;
}

export function takeHistory({ run, replaced, lines }) {
  const harvest = harvestOf(run);
  if (replaced) harvest.history = [];
  harvest.history.push(...lines);
}

export function takeFailed({ run, replaced, lines }) {
  const harvest = harvestOf(run);
  if (replaced) harvest.failed = [];
  harvest.failed.push(...lines);
}

/** What the server says of a run's curation, or that there is none any more. */
export function takeCuration({ run, curation }) {
  if (curation === null) store.curations.delete(run);
  else store.curations.set(run, curation);
}

/** Likewise of a run's evaluation. */
export function takeEvaluation({ run, evaluation }) {
  if (evaluation === null) store.evaluations.delete(run);
  else store.evaluations.set(run, evaluation);
}

export function show(training, shown) {
  training.shown = shown;
  if (shown) hidden.delete(training.id);
  else hidden.add(training.id);
}

export function shownTrainings() {
  return [...store.trainings.values()].filter((training) => training.shown);
}

/** The newest value of a figure that was measured, or null. */
export function newest(training, name) {
  const values = training.steps.figures.get(name) ?? [];
  for (let row = values.length - 1; row >= 0; row--) if (values[row] !== null) return values[row];
  return null;
}
