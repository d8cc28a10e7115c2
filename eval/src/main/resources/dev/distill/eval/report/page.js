
'use strict';
// Shows the answers. All text goes into the page as text, never as HTML. What is shown is also the address's hash, so that a view can be
// linked: #task=0&outcome=wrong,truncated&of=1&facet=level%3D5&complaint=repetitive&differ=second&words=...&open=3
const GRADES = { r: ['right', 'right'], w: ['wrong', 'wrong'], u: ['undecided', 'undecided'],
  n: ['no_answer', 'no answer'], t: ['truncated', 'truncated'],
  i: ['infra_error', 'infrastructure error'] };
const AT_ONCE = 60;
const index = JSON.parse(document.getElementById('index').textContent);
const lines = document.getElementById('answers').textContent.split('\n');
const list = document.getElementById('list');
const form = document.getElementById('filters');
const field = name => document.getElementById(name);
let shown = [];
let made = 0;

function element(name, style, text) {
  const made = document.createElement(name);
  if (style) made.className = style;
  if (text !== undefined) made.textContent = text;
  return made;
}

function option(select, value, text) {
  const made = element('option', '', text);
  made.value = value;
  select.append(made);
}

/** The share of right responses among those that say something; NaN for none. */
function score(grades) {
  const valid = grades.replaceAll('i', '');
  return valid.length ? valid.replaceAll(/[^r]/g, '').length / valid.length : NaN;
}

function fits(question, number, want) {
  const models = index.tasks[question.task].models;
  if (want.task !== '' && String(question.task) !== want.task) return false;
  if (want.outcomes.length) {
    const any = question.grades.some((grades, i) => (want.of === '' || String(models[i]) === want.of)
      && [...grades].some(letter => want.outcomes.includes(GRADES[letter][0])));
    if (!any) return false;
  }
  if (want.facet !== '') {
    const [name, value] = JSON.parse(want.facet);
    if (question.facets[name] !== value) return false;
  }
  if (want.complaint !== '' && !question.complaints.includes(want.complaint)) return false;
  if (want.differ !== '') {
    if (question.grades.length < 2) return false;
    const gain = score(question.grades[1]) - score(question.grades[0]);
    if (!(want.differ === 'second' ? gain > 0 : want.differ === 'first' ? gain < 0 : gain !== 0 && !Number.isNaN(gain))) return false;
  }
  return want.words === '' || said(number).includes(want.words);
}

/** All words of a question and its answers, in lower case. */
function said(number) {
  const line = JSON.parse(lines[number]);
  const texts = [line.question, line.reference, line.id];
  for (const model of line.models) {
    for (const sample of model) texts.push(sample.reasoning || '', sample.text, sample.answer || '', sample.reason);
  }
  return texts.join('\n').toLowerCase();
}

function wanted() {
  return {
    task: field('task').value, of: field('of').value, facet: field('facet').value, complaint: field('complaint').value,
    differ: field('differ').value, words: field('words').value.trim().toLowerCase(),
    outcomes: [...form.querySelectorAll('[name=outcome]:checked')].map(box => box.value)
  };
}

function show() {
  const want = wanted();
  shown = index.questions.map((question, number) => number).filter(number => fits(index.questions[number], number, want));
  made = 0;
  list.replaceChildren();
  field('count').textContent = shown.length.toLocaleString('en') + ' of ' + index.questions.length.toLocaleString('en') + ' questions.';
  more();
}

/** Makes the next rows; the others are made when somebody comes near them. */
function more() {
  const rows = document.createDocumentFragment();
  for (const number of shown.slice(made, made + AT_ONCE)) rows.append(row(number));
  made = Math.min(shown.length, made + AT_ONCE);
  list.append(rows);
  field('more').hidden = made >= shown.length;
}

function row(number) {
  const question = index.questions[number];
  const line = JSON.parse(lines[number]);
  const details = element('details', 'one');
  details.dataset.number = number;
  const summary = element('summary');
  const head = element('span', 'head', line.question.slice(0, 300));
  head.dir = 'auto';
  const marks = element('span', 'marks');
  question.grades.forEach((grades, i) => marks.append(strip(grades, index.models[index.tasks[question.task].models[i]])));
  summary.append(head, marks);
  details.append(summary);
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(inside(question, line));
  });
  return details;
}

function strip(grades, model) {
  const strip = element('span', 'strip');
  strip.setAttribute('role', 'img');
  const counts = Object.keys(GRADES).filter(letter => grades.includes(letter))
    .map(letter => [...grades].filter(one => one === letter).length + ' ' + GRADES[letter][1]);
  strip.setAttribute('aria-label', model + ': ' + counts.join(', '));
  strip.title = model + ': ' + counts.join(', ');
  for (const letter of grades) strip.append(element('i', GRADES[letter][0]));
  return strip;
}

function inside(question, line) {
  const box = element('div', 'inside');
  const asked = element('p', 'asked', line.question);
  asked.dir = 'auto';
  const facets = Object.entries(line.facets).map(([name, value]) => name + ': ' + value);
  const facts = element('p', 'facts');
  [index.tasks[question.task].name, ...facets, 'id ' + line.id].forEach((fact, i) => facts.append(i ? ' \u00b7 ' : '', element('bdi', '', fact)));
  const reference = element('p', 'facts', 'Reference: ');
  reference.append(element('bdi', '', line.reference));
  const pair = element('div', 'pair');
  line.models.forEach((samples, i) => {
    const column = element('div');
    if (index.models.length > 1) column.append(element('h3', '', index.models[index.tasks[question.task].models[i]]));
    samples.forEach((sample, k) => column.append(response(sample, question.grades[i][k], k, samples.length)));
    pair.append(column);
  });
  box.append(asked, facts, reference, pair);
  return box;
}

function response(sample, letter, number, all) {
  const box = element('div', 'sample');
  const facts = element('p');
  if (all > 1) facts.append(element('span', '', (number + 1) + ' of ' + all));
  facts.append(element('span', 'grade ' + GRADES[letter][0], GRADES[letter][1]));
  if (sample.answer !== null) {
    const answer = element('span', '', 'answer: ');
    answer.append(element('bdi', '', sample.answer));
    facts.append(answer);
  }
  if (sample.reason) facts.append(element('bdi', '', sample.reason));
  if (sample.majority && all > 1) facts.append(element('span', '', 'stands for the majority'));
  if (sample.tokens) facts.append(element('span', '', sample.tokens.toLocaleString('en') + ' tokens'));
  if (sample.seconds) facts.append(element('span', '', sample.seconds + ' s'));
  box.append(facts);
  for (const complaint of sample.complaints) box.append(element('p', 'why', complaint.measure.replaceAll('_', ' ') + ': ' + complaint.why));
  if (sample.reasoning !== undefined) {
    const fold = element('details');
    fold.append(element('summary', '', 'Reasoning, ' + sample.reasoning.length.toLocaleString('en') + ' characters'));
    // a long text is laid out only when it is wanted
    fold.addEventListener('toggle', () => {
      if (fold.open && fold.children.length === 1) fold.append(words(sample.reasoning));
    });
    box.append(fold);
  }
  if (sample.text !== '') box.append(words(sample.text));
  return box;
}

function words(text) {
  const pre = element('pre', '', text);
  pre.dir = 'auto';
  pre.tabIndex = 0;
  return pre;
}

function fromHash() {
  const hash = new URLSearchParams(location.hash.slice(1));
  for (const name of ['task', 'of', 'facet', 'complaint', 'differ', 'words']) {
    if (hash.has(name)) field(name).value = hash.get(name);
  }
  const outcomes = (hash.get('outcome') || '').split(',');
  form.querySelectorAll('[name=outcome]').forEach(box => { box.checked = outcomes.includes(box.value); });
  show();
  const open = list.querySelector('[data-number="' + Number(hash.get('open') || -1) + '"]');
  if (open) open.open = true;
}

function toHash() {
  const hash = new URLSearchParams();
  for (const name of ['task', 'of', 'facet', 'complaint', 'differ', 'words']) {
    if (field(name).value) hash.set(name, field(name).value);
  }
  const outcomes = wanted().outcomes;
  if (outcomes.length) hash.set('outcome', outcomes.join(','));
  const text = hash.toString();
  try {
    history.replaceState(null, '', text ? '#' + text : location.pathname + location.search);
  } catch (refused) {
    // a page from a file may not have its address changed everywhere; the filters work all the same
  }
}

function begin() {
  document.documentElement.classList.toggle('single', index.models.length < 2);
  index.tasks.forEach((task, i) => option(field('task'), String(i), task.name));
  index.models.forEach((model, i) => option(field('of'), String(i), model));
  for (const name of ['of-label', 'differ-label']) field(name).hidden = index.models.length < 2;
  const facets = new Map();
  for (const question of index.questions) {
    for (const [name, value] of Object.entries(question.facets)) facets.set(JSON.stringify([name, value]), name + ': ' + value);
  }
  [...facets].sort((a, b) => a[1].localeCompare(b[1], 'en', { numeric: true })).forEach(([value, text]) => option(field('facet'), value, text));
  let waiting;
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { toHash(); show(); }, 150);
  });
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => { toHash(); show(); }));
  addEventListener('hashchange', fromHash);
  new IntersectionObserver(seen => { if (seen.some(one => one.isIntersecting) && made < shown.length) more(); }, { rootMargin: '600px' })
    .observe(field('more'));
  field('theme').addEventListener('click', theme);
  addEventListener('keydown', keys);
  fromHash();
}

function theme() {
  const order = ['', 'light', 'dark'];
  const next = order[(order.indexOf(document.documentElement.dataset.theme || '') + 1) % order.length];
  if (next) document.documentElement.dataset.theme = next; else delete document.documentElement.dataset.theme;
  field('theme').textContent = 'Theme: ' + (next || 'as the system');
}

function keys(event) {
  const typing = event.target.matches('input:not([type=checkbox]), select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && typing) event.target.blur();
  if (typing) return;
  if (event.key === '/') { event.preventDefault(); field('words').focus(); }
  if (event.key === 'd') theme();
  if (event.key === 'j' || event.key === 'k') go(event.key === 'j' ? 1 : -1);
}

/** To the next or the previous question. */
function go(by) {
  const here = document.activeElement.closest('.one');
  let next = here ? (by > 0 ? here.nextElementSibling : here.previousElementSibling) : list.firstElementChild;
  if (!next && by > 0 && made < shown.length) { more(); next = here.nextElementSibling; }
  if (next) { next.firstElementChild.focus(); next.scrollIntoView({ block: 'nearest' }); }
}

begin();
