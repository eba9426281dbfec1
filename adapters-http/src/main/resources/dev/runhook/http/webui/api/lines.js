import { visible } from "./api.js";

const TYPE = "application/x-ndjson";

/**
 * A way to receive a response in lines of JSON, each as soon as the server has sent it. A server that sends all at once
 * is accepted too.
 *
 * @typedef {{ accept: string, read: (response: Response) => Promise<string> }} Lines
 * @param {(line: any) => void} onLine
 * @returns {Lines}
 */
export const linesTo = onLine => ({
  accept: `${TYPE}, application/json`,

  /** Returns what is left, or the whole text if it has no lines. */
  async read(response) {
    if (response.headers.get("Content-Type") !== TYPE) return response.text();
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + decoder.decode(part.value, { stream: true })).split("\n");
      rest = lines.pop();
      lines.forEach(line => onLine(JSON.parse(line, visible)));
    }
    return rest;
  },
});
