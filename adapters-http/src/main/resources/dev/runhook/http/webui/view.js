import { api } from "./api.js";
import { h, sentence } from "./dom.js";

/// The base of all views. A view is shown immediately and then loads its data. Its requests and timers end
/// when it is removed from the page.
export class View extends HTMLElement {
  #removed = new AbortController();
  #timers = [];

  constructor() {
    super();
    this.params = {};
  }

  get signal() {
    return this.#removed.signal;
  }

  connectedCallback() {
    this.classList.add("view");
    this.show();
  }

  disconnectedCallback() {
    this.#removed.abort();
    this.#timers.forEach(clearInterval);
  }

  /// Repeats an action while the page is visible.
  every(ms, action) {
    this.#timers.push(
      setInterval(() => {
        if (document.visibilityState === "visible") this.guard(action, true);
      }, ms),
    );
  }

  /// Runs an action. An error replaces the content, unless the action runs quietly.
  async guard(action, quietly = false) {
    try {
      return await action();
    } catch (problem) {
      if (problem.name === "AbortError" || problem.status === 401 || quietly) return undefined;
      if (problem.status === undefined) throw problem;
      this.showError(problem);
      return undefined;
    }
  }

  /// Shows an error. If the server is unreachable, the view reloads when it responds again.
  showError(problem) {
    const isFocused = this.contains(document.activeElement);
    const isUnreachable = [0, 502, 503, 504].includes(problem.status);
    const canRetry = isUnreachable || problem.status >= 500;
    const retry = canRetry ? h("button", { type: "button", onclick: () => this.reload() }, "Try again") : null;
    this.#timers.forEach(clearInterval);
    this.replaceChildren(errorMessage(problem, retry));
    if (isFocused) this.querySelector("h1").focus();
    if (isUnreachable) this.every(3000, () => api.get("/session", this.signal).then(() => this.reload()));
  }

  reload() {
    if (!this.isConnected) return;
    const view = document.createElement(this.localName);
    view.params = this.params;
    const isFocused = this.contains(document.activeElement);
    this.replaceWith(view);
    if (isFocused) view.querySelector("h1")?.focus();
  }
}

export function errorMessage(problem, retry) {
  const heading =
    problem.status === 404 ? "Page not found" : problem.status === 0 ? "No connection" : "Something went wrong";
  return h(
    "div",
    { class: "empty", role: "alert" },
    h("h1", { tabindex: -1 }, heading),
    h("p", {}, sentence(problem.message)),
    h("p", { class: "actions" }, retry, h("a", { href: "#/" }, "All stacks")),
  );
}

export function skeleton(lines = 4) {
  return h("div", { class: "skeleton", "aria-hidden": "true" }, Array.from({ length: lines }, () => h("i")));
}

/// A heading with actions next to it.
export function title(text, ...actions) {
  return h("div", { class: "title" }, h("h1", { tabindex: -1 }, text), h("div", { class: "actions" }, actions));
}

/// Shows a message for five seconds. The caller removes a permanent one.
export function toast(text, permanent = false) {
  const note = h("p", { class: "toast" }, sentence(text));
  document.querySelector(".toasts").append(note);
  if (!permanent) setTimeout(() => note.remove(), 5000);
  return note;
}
