// What all charts have in common: colours, axes, and the keys that read them.
import { number } from "./figures.js";

export const HEIGHT = 230;

/** A colour of the style sheet as canvas takes it, for the theme that holds now. */
export function colour(name) {
  document.body.style.outlineColor = `var(--${name})`;
  return getComputedStyle(document.body).outlineColor;
}

export function axis() {
  const rule = colour("rule");
  return { stroke: colour("soft"), grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1 }, font: "12px system-ui" };
}

/** The range of an axis: with some room, and from 0 where that is its floor. */
export function around(low, high, log, floor) {
  if (low === null || high === null) return [log ? 0.1 : 0, 1];
  if (log) return low === high ? [low / 2, high * 2] : [low * (low / high) ** 0.05, high * (high / low) ** 0.05];
  const room = high > low ? (high - low) * 0.08 : Math.abs(high) * 0.1 || 1;
  return floor ? [0, high + room] : [low - room, high + room];
}

export function shortCount(value) {
  if (value >= 1e6) return number(value / 1e6) + " M";
  return value >= 10000 ? number(value / 1e3) + " k" : number(value);
}

export function moveTo(uplot, index) {
  uplot.setCursor({ left: uplot.valToPos(uplot.data[0][index], "x"), top: 10 });
}

/** Arrows, Home and End move the point that is read; whether this was such a key. */
export function moveByKey(uplot, event) {
  const last = uplot.data[0].length - 1;
  const now = uplot.cursor.idx ?? last;
  const far = event.shiftKey ? 10 : 1;
  const to = { ArrowLeft: now - far, ArrowRight: now + far, Home: 0, End: last }[event.key];
  if (to === undefined) return false;
  moveTo(uplot, Math.max(0, Math.min(last, to)));
  return true;
}
