/** Formats a message of the API, which starts in lower case and has no period, as a sentence. */
export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!…]$/.test(text) ? "" : ".");
}

/** Truncates the text to the given number of characters. */
export const cut = (text, max) => [...text].slice(0, max).join("");

/**
 * What cannot be shown: control characters, lone surrogates, and invisible characters that separate lines or change the
 * direction of text. Line breaks, and joiners, which are part of many scripts, can be shown.
 */
const UNPRINTABLE = /(?![\n\r\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

export const printable = text => text.replace(UNPRINTABLE, "");

/** Shows these characters as JSON escapes them. */
export const escaped = text =>
  text.replace(UNPRINTABLE, found => found.split("").map(unit => `\\u${hex(unit.charCodeAt(0))}`).join(""));

const hex = number => number.toString(16).padStart(4, "0");

export function plural(count, one, many = one + "s") {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/** The API counts up to this number. A higher count is unknown, and its text says so. */
export const MAX_COUNTED = 1000;

export function counted(count, isCapped = count >= MAX_COUNTED) {
  return count.toLocaleString() + (isCapped ? "+" : "");
}

/** The share of a part, rounded to the nearest number with these digits. It is 100 % only if the part is the whole. */
export function percentage(part, whole, digits = 1) {
  const share = part === whole ? 100 : Math.min((100 * part) / whole, 100 - 10 ** -digits);
  return `${share.toFixed(part === 0 || part === whole ? 0 : digits)} %`;
}

/** Isolates a user's text from the direction of the surrounding text, as the element `bdi` does. */
export const isolated = text => `\u2068${text}\u2069`;

let lastId = 0;
export const newId = prefix => `${prefix}-${++lastId}`;
