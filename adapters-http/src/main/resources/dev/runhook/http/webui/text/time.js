/**
 * Formats times: relative to now if they are near, and with the exact time as the tooltip. The user can choose exact
 * times instead, because a keyboard and a touchscreen show no tooltips.
 */

import { html } from "lit";
import { now } from "../api/clock.js";
import { t } from "./messages.js";

/**
 * The number of each unit from which a larger one is used, the seconds of the unit, and its name.
 *
 * @type {[number, number, string][]}
 */
const STEPS = [[60, 1, "second"], [60, 60, "minute"], [48, 3600, "hour"]];

// Creating a format takes longer than using it, and a list formats hundreds of times.
const format = options => new Intl.DateTimeFormat(undefined, options);
const EXACT = format({ dateStyle: "medium", timeStyle: "long" });
const MINUTE = format({ dateStyle: "medium", timeStyle: "short" });
const DATE_AND_TIME = format({ dateStyle: "medium", timeStyle: "medium" });
const TIME = format({ timeStyle: "medium" });
const DATE = format({ dateStyle: "medium" });
const ZONE = format({ timeZoneName: "short" });

/** @param isFuture whether the time is one in the future; another one is never later than now */
export function relative(time, isFuture, at = now()) {
  const seconds = (isFuture ? time - at : at - time) / 1000;
  if (seconds < 2) return t.texts.time.now;
  const step = STEPS.find(([limit, unit]) => Math.round(seconds / unit) < limit);
  if (!step) return MINUTE.format(time);
  const [, unit, name] = step;
  const amount = `${Math.round(seconds / unit)} ${t.texts.time.units[name]}`;
  return isFuture ? t.texts.time.in(amount) : t.texts.time.ago(amount);
}

function exact(time) {
  const date = new Date(time);
  return `${EXACT.format(date)} · ${date.toISOString()}`;
}

/** A time as local date and time, for comparison with the logs of other systems. */
export function dateAndTime(text) {
  const local = DATE_AND_TIME.format(new Date(text));
  return html`<time datetime=${text} title=${exact(text)}>${local}</time>`;
}

/** The local time of day as text. */
export const clock = text => TIME.format(new Date(text));

/** The local time of day, with the date if it is another day, and the exact time as the tooltip. */
export function clockTime(text) {
  const date = new Date(text);
  const time = clock(text);
  const today = date.toDateString() === new Date(now()).toDateString();
  const day = DATE.format(date);
  return html`<time datetime=${text} title=${exact(date)}>${today ? time : t.texts.time.on(time, day)}</time>`;
}

/** The name of the local time zone. */
export function zone() {
  return ZONE.formatToParts().find(part => part.type === "timeZoneName").value;
}

export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${Number((ms / 1000).toFixed(1))} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(seconds, 60, "min", "s");
  return pair(Math.round(seconds / 60), 60, "h", "min");
}

/** A number of small units as large and small ones, such as "1 min 40 s". */
function pair(count, size, large, small) {
  const rest = count % size;
  return `${Math.floor(count / size)} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

/** @type {[string, number][]} */
const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1000], ["ms", 1]];

/** Writes a duration of ISO 8601 as a number and a unit, such as "90s", which the API accepts too. */
export function shortDuration(text) {
  const [, days, hours, minutes, seconds] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text);
  const part = (number, ms) => Number(number ?? 0) * ms;
  const ms = part(days, 86_400_000) + part(hours, 3_600_000) + part(minutes, 60_000) + part(seconds, 1000);
  const [unit, size] = UNITS.find(([, each]) => ms >= each && Math.round(ms) % each === 0) ?? ["s", 1000];
  return Math.round(ms) / size + unit;
}

const STORED = "runhook.times";

/** Whether the user prefers exact times to relative times. */
export const areExact = () => localStorage.getItem(STORED) === "exact";

/** Switches between exact and relative times. */
export function switchTimes() {
  if (areExact()) localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, "exact");
  RelativeTime.showAll();
}

class RelativeTime extends HTMLElement {
  static observedAttributes = ["datetime"];
  static #shown = new Set();

  static showAll() {
    RelativeTime.#shown.forEach(time => time.show());
  }

  static {
    setInterval(RelativeTime.showAll, 5000);
  }

  connectedCallback() {
    RelativeTime.#shown.add(this);
    this.show();
  }

  disconnectedCallback() {
    RelativeTime.#shown.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.show();
  }

  show() {
    const text = this.getAttribute("datetime");
    const time = Date.parse(text);
    const inner = this.firstElementChild ?? this.appendChild(document.createElement("time"));
    inner.setAttribute("datetime", text);
    inner.title = exact(time);
    inner.classList.toggle("exact", areExact()); // is long and may wrap in tables
    const shown = this.text(time);
    if (inner.textContent !== shown) inner.textContent = shown;
  }

  text(time) {
    if (this.hasAttribute("due") && time <= now()) return t.texts.time.due;
    if (areExact() && !this.hasAttribute("relative")) return EXACT.format(time);
    return relative(time, this.hasAttribute("due") || this.hasAttribute("future"));
  }
}

customElements.define("rh-time", RelativeTime);

/** A time in the future that is shown as "due" once it has passed. */
export const dueTime = text => html`<rh-time datetime=${text} due></rh-time>`;

/** A time in the past. */
export const relativeTime = text => html`<rh-time datetime=${text}></rh-time>`;

/** A time in the future, such as the end of a session. */
export const futureTime = text => html`<rh-time datetime=${text} future></rh-time>`;

/** A time in the past that stays relative, because the exact time is next to it. */
export const timeAgo = text => html`<rh-time datetime=${text} relative></rh-time>`;
