import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
await import("./src/components/keys.js");

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = `
    <main>
      <input id="filter"><input type="search" id="search" aria-keyshortcuts="/">
      <table>
        <tr><td><input type="checkbox" id="pick"></td><td><a href="#/1" class="rowlink" id="first">1</a></td></tr>
        <tr><td><a href="#/x" id="other">x</a></td><td><a href="#/2" class="rowlink" id="second">2</a></td></tr>
      </table>
    </main>`;
});

const focused = () => document.activeElement.id;

/** Presses a key and returns whether it did something. */
function press(key, modifiers = {}) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers });
  document.activeElement.dispatchEvent(event);
  return event.defaultPrevented;
}

test("j and k move to the next and the previous row and stay in the list", () => {
  const visited = ["j", "j", "j", "k", "k"].map(key => (press(key), focused()));

  assert.deepEqual(visited, ["first", "second", "second", "first", "first"]);
});

test("a row is left from any of its controls", () => {
  document.getElementById("pick").focus();
  press("j");
  assert.equal(focused(), "second");
  document.getElementById("other").focus();
  press("k");
  assert.equal(focused(), "first");
});

test("/ goes to the search", () => {
  assert.ok(press("/"));

  assert.equal(focused(), "search");
});

test("? shows the keys, and no key acts while they are shown", () => {
  press("?", { shiftKey: true });

  assert.match(document.querySelector("dialog").textContent, /Next and previous row/);
  assert.equal(press("/"), false);
});

test("keys do nothing while the user types or holds a modifier", () => {
  document.getElementById("filter").focus();
  assert.deepEqual(["j", "k", "/", "?"].map(key => press(key)), [false, false, false, false]);
  assert.equal(focused(), "filter");

  document.getElementById("other").focus();
  const modifiers = ["ctrlKey", "metaKey", "altKey", "isComposing"];
  assert.deepEqual(modifiers.map(name => press("j", { [name]: true })), [false, false, false, false]);
  assert.equal(focused(), "other");
});

test("keys can be switched off", () => {
  press("?");
  const on = document.querySelector("dialog input");
  on.click();
  document.querySelector("dialog").remove();

  assert.equal(press("j"), false);
});

test("without a list or a search, keys are left to the browser", () => {
  document.querySelector("main").replaceChildren();

  assert.deepEqual(["j", "/"].map(key => press(key)), [false, false]);
});
