import { LitElement, html, nothing } from "lit";
import { api } from "../api/api.js";
import { now } from "../api/clock.js";
import { query } from "../api/query.js";
import { t } from "../text/messages.js";
import { sentence } from "../text/text.js";
import { clockTime } from "../text/time.js";

/** Data that was received within this time is live. */
const LIVE_MS = 5000;

/**
 * The base of all views. A view renders immediately and then loads its data. Its requests and timers end when
 * it is removed from the page. It renders into the page itself, so that one style sheet applies to all views.
 *
 * Subclasses implement `receive()`, which requests the data and returns it as fields of the view, and `render()`. What
 * is loaded in `guard`, `poll` and `every` decides when the data of the view was received: `asOf`, or null before. A
 * load that shows nothing returns false.
 */
export class View extends LitElement {
  #removed = new AbortController();
  #timers = new Set();
  #expiry;
  /** The problems of the view and of those in it, by the action that has failed. */
  #problems = new Map();
  params = {};
  asOf = null;
  /** The time in milliseconds between two loads. */
  interval = 5000;
  /** The number of changes that the user has made in this view. */
  revision = 0;

  get signal() {
    return this.#removed.signal;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.classList.add("view");
    this.start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#removed.abort();
    this.#timers.forEach(clearTimeout);
    clearTimeout(this.#expiry);
  }

  /** Begins to load. */
  start() {
    this.poll(this.interval, () => this.load());
  }

  /** Shows what it receives, unless the user has changed something or has chosen another query since. */
  async load() {
    const { params: { query: sent }, revision } = this;
    const received = await this.receive();
    if (sent !== this.params.query || revision !== this.revision) return false;
    this.set(received);
    return true;
  }

  reload() {
    return this.guard(() => this.load());
  }

  /** Changes the query of the URL without leaving the view, so that a field keeps the focus. */
  chooseQuery(chosen) {
    this.params.query = chosen;
    history.replaceState(history.state, "", (this.address ?? location.hash.split("?")[0]) + query(chosen));
    this.requestUpdate();
  }

  /** Renders the view. The focused element keeps the focus if it is moved; the heading gets it if it is removed. */
  update(changed) {
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    super.update(changed);
    if (focused && !this.contains(document.activeElement)) restoreFocus(focused);
  }

  /** Changes fields of this view and renders it, unless they already have these values. */
  set(fields) {
    const isChanged = Object.entries(fields).some(([name, value]) => this[name] !== value);
    Object.assign(this, fields);
    if (isChanged) this.requestUpdate();
  }

  #received() {
    const wasLive = this.isLive;
    this.asOf = now();
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.requestUpdate(), LIVE_MS + 50);
    if (!wasLive) this.requestUpdate();
  }

  get isLive() {
    return this.asOf !== null && !this.isOlderThan(LIVE_MS);
  }

  /** Whether the data was received longer ago. */
  isOlderThan(ms) {
    return this.asOf !== null && now() - this.asOf > ms;
  }

  /** Says that the data is live, or of when it is. */
  freshness() {
    const time = () => t.page.asOf(clockTime(new Date(this.asOf).toISOString()));
    return html`
      <span class="live ${this.isLive ? "on" : ""}" role="status">
        <span>${this.asOf === null ? nothing : this.isLive ? t.page.live : time()}</span>
      </span>
    `;
  }

  /**
   * Loads now and then repeatedly while the page is visible. A load starts only after the previous one has
   * finished.
   */
  poll(ms, load) {
    this.guard(load).then(() => this.every(ms, load));
  }

  /**
   * Repeats an action while the page is visible. If it fails, the content stays and is marked as outdated, unless
   * it no longer exists or is now forbidden.
   */
  every(ms, action) {
    const timer = setTimeout(async () => {
      this.#timers.delete(timer);
      if (document.visibilityState === "visible") await this.#refresh(action);
      if (!this.signal.aborted) this.every(ms, action);
    }, ms);
    this.#timers.add(timer);
  }

  #refresh(action) {
    return this.#run(action, problem => {
      if (problem.status === 403 || problem.status === 404) this.showError(problem);
      else if (problem.status !== 0) this.#outer.#markOutdated(action, problem); // the page reports a lost connection
    });
  }

  /** Runs an action. An error replaces the view. */
  guard(action) {
    return this.#run(action, problem => this.showError(problem));
  }

  async #run(action, onProblem) {
    try {
      if ((await action()) === false) return;
      this.#received();
      this.#outer.#markOutdated(action, null);
    } catch (problem) {
      if (problem.name === "AbortError" || problem.status === 401) return;
      if (problem.status === undefined) throw problem;
      onProblem(problem);
    }
  }

  /**
   * The view that contains this one, or this one.
   *
   * @returns {View}
   */
  get #outer() {
    return /** @type {View} */ (this.parentElement?.closest(".view") ?? this);
  }

  #markOutdated(action, problem) {
    if (problem) this.#problems.set(action, problem.message);
    else this.#problems.delete(action);
    const [message] = this.#problems.values();
    const text = message && t.texts.errors.outdated(message);
    if (this.outdated?.textContent === text) return;
    this.outdated?.remove();
    this.outdated =
      text && Object.assign(document.createElement("p"), { className: "notice bad outdated", textContent: text });
    if (text) {
      this.outdated.role = "status";
      const navigation = this.querySelector(":scope > .tabs"); // must not move
      if (navigation) navigation.after(this.outdated);
      else this.prepend(this.outdated);
    }
  }

  /** Replaces the view, or the view that contains it. */
  showError(problem) {
    const view = this.#outer;
    if (this.isConnected) replaceView(view, errorView(problem, { tag: view.localName, params: view.params }));
  }
}

/** Creates a view for the given parameters of the URL. */
export function createView(tag, params) {
  return Object.assign(document.createElement(tag), { params });
}

/** Moves the focus to the heading, so that keyboard and screen reader users continue there. */
export function focusHeading() {
  const main = document.querySelector("main");
  (main.querySelector("h1") ?? main).focus({ preventScroll: true });
}

/** Focuses an element, or the heading if the element is gone. */
export function restoreFocus(element) {
  if (element.isConnected) element.focus({ preventScroll: true });
  else focusHeading();
}

/** Shows another view in the place of one, which ends. */
export async function replaceView(view, other) {
  const isFocused = view.contains(document.activeElement);
  view.replaceWith(other);
  if (!isFocused) return;
  await other.updateComplete;
  focusHeading();
}

/** Replaces a view that cannot be shown. If the server is unreachable, the view returns when it responds again. */
class ErrorView extends View {
  start() {
    if (this.failed && this.isUnreachable) {
      this.every(3000, () => api.get("/session", this.signal).then(() => this.retry()));
    }
  }

  get isUnreachable() {
    return [0, 502, 503, 504].includes(this.problem.status);
  }

  retry() {
    replaceView(this, createView(this.failed.tag, this.failed.params));
  }

  render() {
    const canRetry = this.failed && (this.isUnreachable || this.problem.status >= 500);
    return html`
      <div class="empty" role="alert">
        <h1 tabindex="-1">${t.texts.errors.headings[this.problem.status] ?? t.texts.errors.heading}</h1>
        <p>${sentence(this.problem.message)}</p>
        <p class="actions">
          ${canRetry
            ? html`<button type="button" @click=${() => this.retry()}>${t.texts.errors.again}</button>`
            : nothing}
          <a href="#/stacks">${t.home.allStacks}</a>
        </p>
      </div>
    `;
  }
}

customElements.define("rh-error", ErrorView);

/** @param failed the view to show again, as `{tag, params}`, or null */
export function errorView(problem, failed = null) {
  return Object.assign(document.createElement("rh-error"), { problem, failed });
}

/** Reserves space for content that is loading. */
export function skeleton(lines = 4) {
  return html`<div class="skeleton" aria-hidden="true">${Array.from({ length: lines }, () => html`<i></i>`)}</div>`;
}

/** A heading with actions next to it. */
export function title(text, actions = undefined) {
  return html`<div class="title"><h1 tabindex="-1" dir="auto">${text}</h1><div class="actions">${actions}</div></div>`;
}

/** A list of names and values. Absent values are omitted. */
export function facts(rows, style = "facts") {
  const present = rows.filter(Boolean);
  return html`
    <dl class=${style}>
      ${present.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
  `;
}

export function emptyState(heading, ...content) {
  return html`<div class="empty"><h2>${heading}</h2>${content}</div>`;
}

/** Shows a message for five seconds. The caller removes a permanent one. */
export function toast(text, permanent = false) {
  const note = Object.assign(document.createElement("p"), { className: "toast", textContent: sentence(text) });
  document.querySelector(".toasts").append(note);
  if (!permanent) setTimeout(() => note.remove(), 5000);
  return note;
}

/** Runs an action. A problem of the API is shown as a message, unless the caller handles it. */
export async function attempt(action, onProblem = problem => void toast(problem.message)) {
  try {
    return await action();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    return onProblem(problem);
  }
}
