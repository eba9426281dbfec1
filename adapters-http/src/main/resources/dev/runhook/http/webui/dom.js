/// Builds elements without parsing markup. A string child always becomes text, so user input cannot inject
/// markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "text") {
      if (name === "text") element.textContent = value;
      else element[name] = value;
    } else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

export function s(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/// A link to a URL that a user provided, or plain text if its scheme is not http or https.
export function externalLink(url, text) {
  let safe = false;
  try {
    safe = ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    // not a URL
  }
  return safe ? h("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, text) : h("span", {}, text);
}

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/// Redraws and restores the focus to the matching element. If there is none, the element at the same position
/// gets the focus.
export function keepFocus(before, after, draw) {
  const focused = document.activeElement;
  if (!before.contains(focused)) return draw();
  const position = [...before.querySelectorAll(FOCUSABLE)].indexOf(focused);
  const drawn = draw();
  if (!focused.isConnected) {
    const candidates = [...after.querySelectorAll(FOCUSABLE)];
    const match = candidates.find(each => isSame(each, focused));
    (match ?? candidates[Math.min(position, candidates.length - 1)])?.focus({ preventScroll: true });
  }
  return drawn;
}

function isSame(one, other) {
  return (
    one.tagName === other.tagName &&
    one.textContent === other.textContent &&
    ["href", "aria-label", "role"].every(name => one.getAttribute(name) === other.getAttribute(name))
  );
}

/// Updates the children of a list to match the items. Unchanged children stay in place and keep the focus.
export function sync(parent, items, key, render) {
  const old = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const id = String(key(item));
    const content = JSON.stringify(item);
    let child = old.get(id);
    old.delete(id);
    if (!child || child.content !== content) {
      const updated = render(item, child);
      updated.dataset.key = id;
      updated.content = content;
      if (child) {
        if (next === child) next = updated;
        keepFocus(child, updated, () => child.replaceWith(updated));
      }
      child = updated;
    }
    if (next === child) next = child.nextElementSibling;
    else parent.insertBefore(child, next);
  }
  old.forEach(child => child.remove());
}

/// Formats a message of the API, which starts in lower case and has no period, as a sentence.
export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!…]$/.test(text) ? "" : ".");
}

export function plural(count, one, many = one + "s") {
  return `${count} ${count === 1 ? one : many}`;
}

let lastId = 0;
export const newId = prefix => `${prefix}-${++lastId}`;
