import { h } from "./dom.js";

/// Times as people say them, with the exact one on hover.

const STEPS = [
  [60, 1, "s"],
  [3600, 60, "min"],
  [48 * 3600, 3600, "h"],
  [60 * 86400, 86400, "d"],
  [Infinity, 30 * 86400, "months"],
];

export function relative(time, now = Date.now()) {
  const seconds = (now - time) / 1000;
  const size = Math.abs(seconds);
  if (size < 2) return "now";
  const [, unit, name] = STEPS.find(([most]) => size < most);
  const amount = `${Math.max(1, Math.floor(size / unit))} ${name}`;
  return seconds > 0 ? `${amount} ago` : `in ${amount}`;
}

export function exact(time) {
  const date = new Date(time);
  const local = date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
  return `${local} · ${date.toISOString()}`;
}

const STAMP = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/// A sentence of the server's, whose times are those of a clock on the wall; the exact ones on hover.
export function timed(sentence) {
  return sentence.split(STAMP).map((part, i) => (i % 2 === 0 ? part : onTheWall(part)));
}

function onTheWall(text) {
  const date = new Date(text);
  const clock = date.toLocaleTimeString(undefined, { timeStyle: "medium" });
  const today = date.toDateString() === new Date().toDateString();
  return h("time", { datetime: text, title: exact(date) }, today ? clock : `${clock} on ${date.toLocaleDateString(undefined, { dateStyle: "medium" })}`);
}

export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

class RelativeTime extends HTMLElement {
  static observedAttributes = ["datetime"];
  static #shown = new Set();

  static {
    setInterval(() => RelativeTime.#shown.forEach(time => time.show()), 5000);
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
    const words = this.isDue && time <= Date.now() ? "due" : relative(time);
    if (inner.textContent !== words) inner.textContent = words;
  }
}

customElements.define("rh-time", RelativeTime);

/// A time to come, which is no longer told once it has passed.
export function due(text) {
  return Object.assign(when(text), { isDue: true });
}

export function when(text) {
  const element = document.createElement("rh-time");
  element.setAttribute("datetime", text);
  return element;
}
