/**
 * Control or Command with K goes to the search of the page. The other keys have no modifier: see `t.keys`. They do
 * nothing while the user types or a dialog is open, and can be switched off, because speech input triggers them by
 * accident.
 */

import { html } from "lit";
import { t } from "../text/messages.js";

const STORED = "runhook.keys";
const TYPING = "input, select, textarea, [contenteditable]";

const areOn = () => localStorage.getItem(STORED) !== "off";

const ACTIONS = {
  j: () => move(1) || press("j"),
  k: () => move(-1) || press("k"),
  r: () => press("r"),
  x: () => press("x"),
  e: () => press("e"),
  c: () => press("c"),
  "/": () => focusField('main [aria-keyshortcuts="/"]') || focusField(".ask input"),
  "?": showKeys,
};

/** The links of the rows that are shown. */
const rows = () => {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll("main :is(.rowlink, .fixes :is(h2, h3) a)");
  return [...links].filter(link => link.checkVisibility?.() ?? true);
};

const rowOf = element => element.closest("tr, .fixes li");

/** Moves the focus to another row, from the one that is open if none has the focus. Returns whether there are rows. */
function move(step) {
  const links = rows();
  const open = document.querySelector("main .rowlink[aria-current]");
  const current = rowOf(document.activeElement) ?? (open && rowOf(open));
  const index = current ? links.findIndex(link => current.contains(link)) : -1;
  links[Math.min(Math.max(index + step, 0), links.length - 1)]?.focus();
  return links.length > 0;
}

/**
 * Clicks the control of a key in the focused row, or else that of the view. If there is none, the view of the row gets
 * the event `shortcut`. Returns whether anything happened.
 */
function press(key) {
  const focused = document.activeElement;
  const row = rowOf(focused);
  /** @type {NodeListOf<HTMLElement>} */
  const found = document.querySelectorAll(`main [aria-keyshortcuts="${key}"]`);
  const controls = [...found];
  const control = controls.find(each => row?.contains(each)) ?? controls.find(each => !rowOf(each));
  control?.click();
  if (control || !row) return control !== undefined;
  return !focused.dispatchEvent(new CustomEvent("shortcut", { detail: key, bubbles: true, cancelable: true }));
}

/** The addresses of the rows of the list that was left last. */
let left = [];

/** Remembers the rows of the list that is shown, if one is. */
export function rememberRows() {
  const links = rows();
  if (links.length > 0) left = links.map(({ hash }) => hash);
}

/** The addresses of the previous and the next row of the list from which the user has opened an address. */
export function neighborsOf(address) {
  const index = left.indexOf(address);
  return index < 0 ? [] : [left[index - 1], left[index + 1]];
}

/**
 * Focuses the row with an address, or that of the item that was open next to the list, unless the user has set the
 * focus. Returns whether there is one.
 */
export function focusRow(address) {
  const [path, parameters] = address.split("?");
  const open = new URLSearchParams(parameters).get("open");
  const row = rows().find(({ hash, dataset }) => (open ? dataset.id === open : hash.split("?")[0] === path));
  if (row && !rowOf(document.activeElement)) row.focus({ preventScroll: true });
  return row !== undefined;
}

function focusField(selector) {
  const field = /** @type {HTMLInputElement} */ (document.querySelector(selector));
  field?.focus();
  field?.select();
  return field !== null;
}

/** Shows all keys, and whether they are on. */
export async function showKeys() {
  const { inform } = await import("./dialog.js");
  const change = event => localStorage.setItem(STORED, event.target.checked ? "on" : "off");
  inform(t.keys.title, html`
    <dl class="facts keys">
      ${t.keys.list.map(({ keys, text }) => html`
        <div><dt>${keys.map(key => html`<kbd>${key}</kbd> `)}</dt><dd>${text}</dd></div>
      `)}
    </dl>
    <label class="check more"><input type="checkbox" .checked=${areOn()} @change=${change}>${t.keys.on}</label>
  `);
}

addEventListener("keydown", event => {
  if (event.key === "k" && (event.ctrlKey || event.metaKey) && !document.querySelector("dialog")) {
    event.preventDefault();
    return focusField(".ask input");
  }
  const action = Object.hasOwn(ACTIONS, event.key) && areOn() ? ACTIONS[event.key] : null;
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
  const { target } = event;
  const isTyping = target instanceof Element && target.matches(TYPING) && !target.matches("[type=checkbox]");
  if (!action || hasModifier || event.defaultPrevented || event.isComposing || isTyping) return;
  if (!document.querySelector("dialog") && action()) event.preventDefault();
});
