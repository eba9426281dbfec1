/// The public API, asked in the name of the session. Its cookie is for no script to see.

const BASE = "api/v1";

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? "the server cannot be reached; is it running?");
    this.status = status;
    this.kind = (body?.type ?? "").replace("urn:runhook:problem:", "");
    this.errors = body?.errors ?? [];
  }
}

async function ask(method, path, body, signal) {
  const headers = { Accept: "application/json", "X-Runhook-Csrf": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      credentials: "same-origin",
    });
  } catch (e) {
    if (e.name === "AbortError") throw e;
    tellConnection(false);
    throw new Problem(0, null);
  }
  tellConnection(true);
  const text = await answer.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    // what stands in front of the server answered
  }
  if (answer.ok) return json;
  const problem = new Problem(answer.status, json ?? { detail: `the answer was ${answer.status}` });
  if (answer.status === 401 && (path !== "/session" || method === "GET")) {
    window.dispatchEvent(new Event("session-over"));
  }
  throw problem;
}

let isConnected = true;

function tellConnection(is) {
  if (is === isConnected) return;
  isConnected = is;
  window.dispatchEvent(new CustomEvent("connection", { detail: is }));
}

export const api = {
  get: (path, signal) => ask("GET", path, undefined, signal),
  post: (path, body) => ask("POST", path, body),
  put: (path, body) => ask("PUT", path, body),
  patch: (path, body) => ask("PATCH", path, body),
  delete: path => ask("DELETE", path),
  address: path => `${BASE}${path}`,
};

export const e = encodeURIComponent;

/// The query of what is given.
export function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return given.length ? "?" + given.map(([name, value]) => `${name}=${e(value)}`).join("&") : "";
}
