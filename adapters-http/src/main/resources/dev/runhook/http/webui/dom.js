/// Elements without markup: whatever is given as a child becomes text, so nothing that
/// somebody typed can become anything else.

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

/// A link to a place that somebody else named; text where it is none that a browser should follow.
export function outward(url, text) {
  let safe = false;
  try {
    safe = ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    // no URL
  }
  return safe ? h("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, text) : h("span", {}, text);
}

const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";

/// Draws anew and leaves the focus on what stands there for the same thing; where that is gone, on
/// what has its place.
export function keepFocus(before, after, draw) {
  const focused = document.activeElement;
  if (!before.contains(focused)) return draw();
  const at = [...before.querySelectorAll(STOPS)].indexOf(focused);
  const drawn = draw();
  if (!focused.isConnected) {
    const stops = [...after.querySelectorAll(STOPS)];
    (stops.find(each => isLike(each, focused)) ?? stops[Math.min(at, stops.length - 1)])?.focus({ preventScroll: true });
  }
  return drawn;
}

function isLike(one, other) {
  return one.tagName === other.tagName && one.textContent === other.textContent && ["href", "aria-label", "role"].every(name => one.getAttribute(name) === other.getAttribute(name));
}

/// Puts items where they belong and leaves alone those that are as they were, with whatever
/// focus is on them.
export function sync(parent, items, key, render) {
  const old = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let at = parent.firstElementChild;
  for (const item of items) {
    const id = String(key(item));
    const print = JSON.stringify(item);
    let child = old.get(id);
    old.delete(id);
    if (!child || child.print !== print) {
      const fresh = render(item, child);
      fresh.dataset.key = id;
      fresh.print = print;
      if (child) {
        if (at === child) at = fresh;
        keepFocus(child, fresh, () => child.replaceWith(fresh));
      }
      child = fresh;
    }
    if (at === child) at = child.nextElementSibling;
    else parent.insertBefore(child, at);
  }
  old.forEach(child => child.remove());
}

/// The API's words, which begin small and end without a full stop, as a sentence of their own.
export function sentence(words) {
  return words.charAt(0).toUpperCase() + words.slice(1) + (/[.?!]$/.test(words) ? "" : ".");
}

export function plural(count, one, many = one + "s") {
  return `${count} ${count === 1 ? one : many}`;
}

let ids = 0;
export const newId = prefix => `${prefix}-${++ids}`;
