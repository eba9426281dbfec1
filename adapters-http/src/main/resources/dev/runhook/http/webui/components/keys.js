/**
 * Control or Command with K goes to the search of the page. Keys without a modifier: j and k move in a list, / goes to the search, ? shows all keys. They do nothing while the
 * user types or a dialog is open, and can be switched off, because speech input triggers them by accident.
 */

import { html } from "lit";
import { inform } from "./dialog.js";
import { t } from "../text/messages.js";

const STORED = "runhook.keys";
const TYPING = "input, select, textarea, [contenteditable]";

const areOn = () => localStorage.getItem(STORED) !== "off";

const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  "/": focusSearch,
  "?": showKeys,
};

/** Moves the focus to another row. Returns whether there are rows. */
function move(step) {
  const rows = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main .rowlink"))];
  const focused = document.activeElement;
  const current = rows.findIndex(row => row === focused || row.closest("tr")?.contains(focused));
  rows[Math.min(Math.max(current + step, 0), rows.length - 1)]?.focus();
  return rows.length > 0;
}

/** Focuses the search of the view. Returns whether it has one. */
function focusSearch() {
  return focusField('main [aria-keyshortcuts="/"]');
}

function focusField(selector) {
  /** @type {HTMLInputElement} */
  const field = document.querySelector(selector);
  field?.focus();
  field?.select();
  return field !== null;
}

/** Shows all keys, and whether they are on. */
export function showKeys() {
  const change = event => localStorage.setItem(STORED, event.target.checked ? "on" : "off");
  inform(t.keys.title, html`
    <dl class="facts keys">
      ${t.keys.list.map(({ keys, text }) => html`
        <div><dt>${keys.map(key => html`<kbd>${key}</kbd> `)}</dt><dd>${text}</dd></div>
      `)}
    </dl>
    <label class="check more"><input type="checkbox" .checked=${areOn()} @change=${change}>${t.keys.on}</label>
  `);
  return true;
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
