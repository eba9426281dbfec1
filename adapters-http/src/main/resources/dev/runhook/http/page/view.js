import { h } from "./dom.js";

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
      this.replaceChildren(trouble(problem));
      return undefined;
    }
  }
}

export function trouble(problem) {
  const words = problem.status === 404 ? "Not here" : problem.status === 0 ? "No connection" : "That did not work";
  return h(
    "div",
    { class: "empty", role: "alert" },
    h("h1", { tabindex: -1 }, words),
    h("p", {}, problem.message),
    h("p", {}, h("a", { href: "#/" }, "All stacks")),
  );
}

export function ghost(lines = 4) {
  return h("div", { class: "ghost", "aria-hidden": "true" }, Array.from({ length: lines }, () => h("i")));
}

/// A heading with what can be done beside it.
export function title(text, ...actions) {
  return h("div", { class: "title" }, h("h1", { tabindex: -1 }, text), h("div", { class: "actions" }, actions));
}

export function toast(text) {
  const note = h("p", { class: "toast" }, text);
  document.querySelector(".toasts").append(note);
  setTimeout(() => note.remove(), 5000);
}
