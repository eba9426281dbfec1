/// Formats a message of the API, which starts in lower case and has no period, as a sentence.
export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!…]$/.test(text) ? "" : ".");
}

export function plural(count, one, many = one + "s") {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

let lastId = 0;
export const newId = prefix => `${prefix}-${++lastId}`;
