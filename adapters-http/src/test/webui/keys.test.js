import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
const { focusRow, neighborsOf, rememberRows } = await import("./src/components/keys.js");

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = `
    <main>
      <input id="filter"><input type="search" id="search" aria-keyshortcuts="/">
      <table>
        <tr><td><input type="checkbox" id="pick" aria-keyshortcuts="x"></td><td><a href="#/1" class="rowlink" id="first">1</a></td></tr>
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

/** Waits for the module of the dialog. */
async function dialog() {
  while (!document.querySelector("dialog")) await new Promise(setImmediate);
  return document.querySelector("dialog");
}

test("? shows the keys, and no key acts while they are shown", async () => {
  assert.ok(press("?", { shiftKey: true }));

  assert.match((await dialog()).textContent, /Next and previous row/);
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

test("keys can be switched off", async () => {
  press("?");
  const shown = await dialog();
  shown.querySelector("input").click();
  shown.remove();

  assert.equal(press("j"), false);
});

test("without a list or a search, keys are left to the browser", () => {
  document.querySelector("main").replaceChildren();

  assert.deepEqual(["j", "/"].map(key => press(key)), [false, false]);
});

test("a key clicks the control of the focused row, or else that of the view, but never that of another row", () => {
  const clicked = [];
  document.querySelector("main").insertAdjacentHTML("afterbegin", '<button id="resend" aria-keyshortcuts="r"></button>');
  document.getElementById("resend").addEventListener("click", () => clicked.push("resend"));
  document.getElementById("second").focus();
  assert.deepEqual([press("x"), press("r")], [false, true]);

  document.getElementById("first").focus();
  assert.ok(press("x"));

  assert.deepEqual(clicked, ["resend"]);
  assert.ok(document.getElementById("pick").checked);
  assert.equal(focused(), "first");
});

test("the view of the focused row gets a key that has no control", () => {
  const seen = [];
  document.querySelector("table").addEventListener("shortcut", event => {
    seen.push(`${event.detail} ${event.target.id}`);
    if (event.detail === "c") event.preventDefault();
  });
  assert.equal(press("c"), false);
  document.getElementById("second").focus();

  assert.deepEqual([press("c"), press("e")], [true, false]);

  assert.deepEqual(seen, ["c second", "e second"]);
});

test("without a list, j and k click what leads to the next and the previous item", () => {
  document.querySelector("main").innerHTML = '<a id="next" aria-keyshortcuts="j" href="#/2">Next</a>';
  let count = 0;
  document.getElementById("next").addEventListener("click", () => count++);

  assert.deepEqual(["j", "k"].map(key => press(key)), [true, false]);

  assert.equal(count, 1);
});

test("the list that was left last knows the neighbors of its rows", () => {
  rememberRows();
  document.querySelector("main").replaceChildren();
  rememberRows();

  assert.deepEqual(neighborsOf("#/1"), [undefined, "#/2"]);
  assert.deepEqual(neighborsOf("#/2"), ["#/1", undefined]);
  assert.deepEqual(neighborsOf("#/3"), []);
});

test("the row that leads to an address gets the focus, unless the user is in another row", () => {
  assert.equal(focusRow("#/3"), false);
  assert.ok(focusRow("#/2?status=FAILED"));
  assert.equal(focused(), "second");

  assert.ok(focusRow("#/1"));

  assert.equal(focused(), "second");
});

test("/ goes to the search of the page if the view has none", () => {
  document.querySelector("main").replaceChildren();
  document.body.insertAdjacentHTML("afterbegin", '<div class="ask"><input id="ask"></div>');

  assert.ok(press("/"));

  assert.equal(focused(), "ask");
});
