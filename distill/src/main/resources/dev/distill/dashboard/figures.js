// Numbers and words as people read them.

export function number(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  if (size !== 0 && size < 0.001) return Number(value.toPrecision(3)).toExponential().replace("e-", "e\u2212");
  return String(Number(value.toPrecision(digits)));
}

export function count(value) {
  return value === null || value === undefined ? "" : Math.round(value).toLocaleString("en");
}

/** An amount with two digits after the point, and more where it takes more to see two that are not 0. */
export function money(amount, currency) {
  if (amount === null || amount === undefined) return "";
  const value = Number(amount);
  const digits = value === 0 ? 2 : Math.max(2, 1 - Math.floor(Math.log10(Math.abs(value))));
  return `${value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${currency}`;
}

/** Seconds in the two largest units that make sense. */
export function duration(seconds) {
  const s = Math.round(seconds);
  if (s < 60) return s + " s";
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** Ticks of a logarithmic axis: 1, 2 and 5 of each power of ten, fewer over many powers, evenly spaced within less than one. */
export function logTicks(low, high) {
  const powers = Math.log10(high / low);
  if (powers < 0.8) {
    const rough = (high - low) / 4;
    const size = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((part) => part * size).find((part) => part >= rough);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  }
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const part of powers < 2.5 ? [1, 2, 5] : [1]) {
      const tick = Number(`${part}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/** A mean that forgets: each value weighs 1 - weight, the ones before weight times less each. Not measured stays so. */
export function smooth(values, weight) {
  if (weight === 0) return values;
  let sum = 0;
  let norm = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + value * (1 - weight);
    norm = norm * weight + (1 - weight);
    return sum / norm;
  });
}

/** An element with attributes and children; text is text, whatever a file says. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function swatch(line, dashed = false) {
  return element("span", { class: `swatch line-${line}${dashed ? " dashed" : ""}`, "aria-hidden": "true" });
}

/** A figure under its name, and a remark; of a definition list. */
export function tile(what, value, more, alarm = false) {
  return element("div", { class: alarm ? "alarm" : null }, element("dt", {}, what), element("dd", {}, value), element("dd", { class: "more" }, more || "\u00a0"));
}

/** Puts children in place of what is there, only if they differ: focus and selection stay. */
export function replaceChildrenIfNew(parent, key, make) {
  if (parent.dataset.key === key) return;
  parent.dataset.key = key;
  parent.replaceChildren(...make());
}
