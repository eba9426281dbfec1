import { h } from "./dom.js";
import { Problem, api } from "./api.js";
import { checkedOf, checks, field, form, group } from "./form.js";
import { STATES, TYPES } from "./status-badges.js";
import { session } from "./session.js";
import { toast } from "./view.js";
import { pathOf } from "./webhook-actions.js";

const MASK = "***";
const EMPTY = { endpoint: "", name: "", states: [], types: [], headers: {}, timeout: null, retrySchedule: null };
const DRIFT_DETECTION = [
  ["", "All runs"],
  ["true", "Drift detection only"],
  ["false", "Exclude drift detection"],
];
const TEXT_INPUT = { type: "text", autocomplete: "off", spellcheck: "false" };

/// The unsaved input of the form when the session expired. It is restored after the next sign-in.
let openForm = null;
let draft = null;

window.addEventListener("session-expired", () => {
  if (openForm?.element.isConnected) draft = { key: draftKey(), body: openForm.body() };
});

function draftKey() {
  return [session.me?.account, session.me?.name, location.hash].join(" ");
}

function takeDraft() {
  const body = draft?.key === draftKey() ? draft.body : null;
  draft = null;
  if (body) toast("Your unsaved changes were restored.");
  return body;
}

/// The form for a new or an existing webhook. It sends only what has changed, and refuses to overwrite the changes
/// of another user. Its property `isChanged()` tells whether there are unsaved changes.
export function webhookForm({ webhook, submit, cancel, send }) {
  const restored = takeDraft();
  const values = { ...(webhook ?? EMPTY), ...restored };
  const endpoint = h("input", {
    ...TEXT_INPUT,
    name: "endpoint",
    inputmode: "url",
    value: values.endpoint,
    "aria-required": "true",
    placeholder: "https://example.com/hooks",
  });
  const name = h("input", { ...TEXT_INPUT, name: "name", value: values.name });
  const secret = webhook ? null : secretField(restored?.secret);
  const enabled = webhook
    ? null
    : h("input", { type: "checkbox", name: "enabled", checked: restored?.enabled ?? true });
  const states = group(
    { pointer: "/states", label: "States", hint: "Select none to receive all states." },
    h("div", { class: "checks" }, checks("states", STATES, values.states)),
  );
  const types = group(
    { pointer: "/types", label: "Run types", hint: "Select none to receive all run types." },
    h("div", { class: "checks" }, checks("types", TYPES, values.types)),
  );
  const drift = h(
    "select",
    { name: "driftDetection" },
    DRIFT_DETECTION.map(([value, text]) =>
      h("option", { value, selected: String(values.driftDetection ?? "") === value }, text),
    ),
  );
  const headers = headersField(values.headers ?? {}, webhook); // null if the server cannot decrypt them
  const timeout = h("input", { ...TEXT_INPUT, name: "timeout", value: values.timeout ? short(values.timeout) : "" });
  const schedule = h("input", {
    ...TEXT_INPUT,
    name: "retrySchedule",
    value: values.retrySchedule?.map(short).join(", ") ?? "",
  });
  const fields = [
    field({
      pointer: "/endpoint",
      kind: "endpoint-taken",
      label: "Endpoint",
      hint: "Runhook sends POST requests to this URL.",
      input: endpoint,
    }),
    field({ pointer: "/name", label: "Name", hint: "Optional. Shown in lists instead of the URL.", input: name }),
    secret?.field,
    states,
    types,
    field({ pointer: "/driftDetection", label: "Drift detection", input: drift }),
    headers,
    field({
      pointer: "/timeout",
      label: "Timeout",
      hint: "For example 5s or PT5S. Leave blank for the server's default.",
      input: timeout,
    }),
    field({
      pointer: "/retrySchedule",
      label: "Retry schedule",
      hint: "Delay before each retry, comma-separated: 5s, 30s, 2m. Leave blank for the server's default.",
      input: schedule,
    }),
  ].filter(Boolean);
  const [basic, advanced] = webhook ? [fields.slice(0, 2), fields.slice(2)] : [fields.slice(0, 3), fields.slice(3)];
  const element = form({
    class: "card narrowform",
    fields,
    submit,
    cancel,
    async send() {
      requireDistinct(headers.names());
      const saved = await send(webhook ? changes() : body(), basedOn);
      original = webhook ? bodyOf(saved) : body();
      basedOn = saved;
    },
  });
  const hasAdvanced =
    values.states.length + values.types.length + Object.keys(values.headers ?? {}).length > 0 ||
    values.timeout ||
    values.retrySchedule;
  const more = h(
    "details",
    { open: hasAdvanced },
    h("summary", {}, "Filters, headers, timeout and retries"),
    advanced,
  );
  const enable = enabled
    ? h("label", { class: "check field" }, enabled, h("span", {}, "Enable this webhook"))
    : null;
  element.prepend(...basic, ...(enable ? [enable] : []), more);

  function body() {
    const delays = schedule.value.split(",").map(text => text.trim()).filter(Boolean);
    const result = {
      endpoint: endpoint.value,
      name: name.value,
      states: checkedOf(states, "states"),
      types: checkedOf(types, "types"),
      driftDetection: drift.value === "" ? null : drift.value === "true",
      timeout: timeout.value.trim() || null,
      retrySchedule: schedule.value.trim() ? delays : null,
    };
    const ownHeaders = headers.value();
    if (values.headers !== null || Object.keys(ownHeaders).length > 0) result.headers = ownHeaders;
    if (secret?.input.value) result.secret = secret.input.value;
    if (enabled) result.enabled = enabled.checked;
    return result;
  }

  function changes() {
    const entries = Object.entries(body());
    return Object.fromEntries(entries.filter(([name, value]) => !isSame(value, original[name])));
  }

  let basedOn = webhook;
  let original = webhook ? bodyOf(webhook) : body();
  openForm = { element, body };
  return Object.assign(element, {
    isChanged: () => Object.keys(changes()).length > 0,
    /// Accepts a change that the user has made elsewhere in the view.
    rebase: updated => (basedOn = updated),
  });
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/// The request body that changes nothing.
function bodyOf({ endpoint, name, states, types, driftDetection, timeout, retrySchedule, headers }) {
  const kept = Object.entries(headers ?? {}).map(([header, value]) => [header, value === MASK ? null : value]);
  return {
    endpoint,
    name,
    states,
    types,
    driftDetection,
    timeout: timeout && short(timeout),
    retrySchedule: retrySchedule && retrySchedule.map(short),
    headers: Object.fromEntries(kept),
  };
}

/// Writes a duration of ISO 8601 with one unit in the short form: "5s".
function short(duration) {
  const [, amount, unit] = /^PT(\d+)([HMS])$/.exec(duration) ?? [];
  return unit ? amount + unit.toLowerCase() : duration;
}

function requireDistinct(names) {
  const lower = names.map(name => name.toLowerCase());
  const duplicate = lower.find((name, i) => lower.indexOf(name) !== i);
  if (duplicate === undefined) return;
  const detail = `Duplicate header: ${duplicate}`;
  throw new Problem(400, { detail, errors: [{ pointer: "/headers", detail }] });
}

function secretField(value) {
  const input = h("input", { ...TEXT_INPUT, type: "password", name: "secret", value });
  const show = h("button", { type: "button", "aria-label": "Show the secret" }, "Show");
  const reveal = shown => {
    input.type = shown ? "text" : "password";
    show.textContent = shown ? "Hide" : "Show";
    show.ariaLabel = `${show.textContent} the secret`;
  };
  show.addEventListener("click", () => reveal(input.type === "password"));
  const generate = h("button", { type: "button", "aria-label": "Generate a secret" }, "Generate");
  generate.addEventListener("click", () => {
    input.value = "whsec_" + btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    reveal(true);
    input.focus();
  });
  return {
    input,
    field: field({
      pointer: "/secret",
      label: "Secret",
      hint: "Used to sign deliveries. Leave blank to generate one.",
      input,
      buttons: [show, generate],
    }),
  };
}

/// Stored headers have masked values. A blank value keeps the stored one.
function headersField(headers, webhook) {
  const rows = h("div", { class: "stackup" });
  const add = (name = "", value = "", isStored = false) => {
    const remove = h(
      "button",
      { type: "button", class: "small", "aria-label": `Remove header ${name}`, onclick: () => row.remove() },
      "Remove",
    );
    const row = h(
      "div",
      { class: "row field header" },
      h("input", {
        ...TEXT_INPUT,
        value: name,
        "aria-label": "Header name",
        placeholder: "X-Team",
        readonly: isStored,
      }),
      h("input", { ...TEXT_INPUT, value, "aria-label": "Header value", placeholder: isStored ? "Unchanged" : "" }),
      remove,
    );
    row.isStored = isStored;
    rows.append(row);
    return row;
  };
  const isMasked = value => value === MASK || value === null;
  Object.entries(headers).forEach(([name, value]) => add(name, isMasked(value) ? "" : value, isMasked(value)));
  const showValues = async () => {
    try {
      const stored = await api.get(`${pathOf(webhook)}/headers`);
      rows.replaceChildren();
      Object.entries(stored.headers).forEach(([name, value]) => add(name, value));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      toast(problem.message);
    }
  };
  const element = group(
    { pointer: "/headers", label: "Headers", hint: "Sent with every delivery. Values are hidden; viewing is audited." },
    rows,
    h("button", { type: "button", class: "small", onclick: () => add().querySelector("input").focus() }, "Add header"),
    Object.values(headers).some(isMasked)
      ? h("button", { type: "button", class: "small", onclick: showValues }, "Show values")
      : null,
  );
  const present = () =>
    [...rows.children]
      .map(row => [row, ...[...row.querySelectorAll("input")].map(input => input.value)])
      .filter(([, name, value]) => name || value);
  element.names = () => present().map(([, name]) => name);
  element.value = () =>
    Object.fromEntries(present().map(([row, name, value]) => [name, row.isStored && !value ? null : value]));
  return element;
}
