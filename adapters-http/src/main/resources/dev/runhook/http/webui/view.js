import { api } from "./api.js";
import { h, sentence } from "./dom.js";

/// One view: an element that shows itself at once, then loads. What it began ends when it leaves
/// the page.
export class View extends HTMLElement {
  #leaving = new AbortController();
  #timers = [];

  constructor() {
    super();
    this.params = {};
  }

  get signal() {
    return this.#leaving.signal;
  }

  connectedCallback() {
    this.classList.add("view");
    this.show();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#timers.forEach(clearInterval);
  }

  /// Does it again and again while somebody looks.
  every(ms, action) {
    this.#timers.push(
      setInterval(() => {
        if (document.visibilityState === "visible") this.guard(action, true);
      }, ms),
    );
  }

  /// Runs it, and shows a problem in the place of the content; quietly where the content is there.
  async guard(action, quietly = false) {
    try {
      return await action();
    } catch (problem) {
      if (problem.name === "AbortError" || problem.status === 401 || quietly) return undefined;
      if (problem.status === undefined) throw problem;
      this.giveUp(problem);
      return undefined;
    }
  }

  /// Where it is the server that is away, it is looked for until it is back.
  giveUp(problem) {
    const isFocused = this.contains(document.activeElement);
    const isAway = [0, 502, 503, 504].includes(problem.status);
    const again = isAway || problem.status >= 500 ? h("button", { type: "button", onclick: () => this.again() }, "Try again") : null;
    this.#timers.forEach(clearInterval);
    this.replaceChildren(trouble(problem, again));
    if (isFocused) this.querySelector("h1").focus();
    if (isAway) this.every(3000, () => api.get("/session", this.signal).then(() => this.again()));
  }

  again() {
    if (!this.isConnected) return;
    const fresh = document.createElement(this.localName);
    fresh.params = this.params;
    const isFocused = this.contains(document.activeElement);
    this.replaceWith(fresh);
    if (isFocused) fresh.querySelector("h1")?.focus();
  }
}

export function trouble(problem, again) {
  const words = problem.status === 404 ? "Not here" : problem.status === 0 ? "No connection" : "That did not work";
  return h(
    "div",
    { class: "empty", role: "alert" },
    h("h1", { tabindex: -1 }, words),
    h("p", {}, sentence(problem.message)),
    h("p", { class: "actions" }, again, h("a", { href: "#/" }, "All stacks")),
  );
}

export function ghost(lines = 4) {
  return h("div", { class: "ghost", "aria-hidden": "true" }, Array.from({ length: lines }, () => h("i")));
}

/// A heading with what can be done beside it.
export function title(text, ...actions) {
  return h("div", { class: "title" }, h("h1", { tabindex: -1 }, text), h("div", { class: "actions" }, actions));
}

/// A note that goes by itself; one that is to stay is taken away by whoever asked for it.
export function toast(text, stays = false) {
  const note = h("p", { class: "toast" }, sentence(text));
  document.querySelector(".toasts").append(note);
  if (!stays) setTimeout(() => note.remove(), 5000);
  return note;
}
