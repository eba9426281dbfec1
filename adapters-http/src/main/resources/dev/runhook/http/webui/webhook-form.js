import { h } from "./dom.js";
import { checkedOf, checks, field, form, group } from "./form.js";
import { STATES, TYPES } from "./marks.js";
import { session } from "./session.js";
import { toast } from "./view.js";

const BLANK = { endpoint: "", name: "", states: [], types: [], headers: {}, timeout: null, retrySchedule: null };

/// What somebody had typed when their session ended; it is there again once they have signed in again.
let open = null;
let left = null;

window.addEventListener("session-over", () => {
  if (open?.whole.isConnected) left = { at: whoAndWhere(), said: open.body() };
});

function whoAndWhere() {
  return [session.me?.account, session.me?.name, location.hash].join(" ");
}

function takeLeft() {
  const said = left?.at === whoAndWhere() ? left.said : null;
  left = null;
  if (said) toast("What you had typed is here again.");
  return said;
}

/// What a person says of a webhook, new or there already.
export function webhookForm({ webhook, submit, cancel, send }) {
  const before = takeLeft();
  const known = { ...(webhook ?? BLANK), ...before };
  const endpoint = h("input", { type: "text", inputmode: "url", name: "endpoint", value: known.endpoint, autocomplete: "off", spellcheck: "false", "aria-required": "true", placeholder: "https://example.com/hooks" });
  const name = h("input", { type: "text", name: "name", value: known.name, autocomplete: "off" });
  const key = webhook ? null : secretField(before?.secret);
  const enabled = webhook ? null : h("input", { type: "checkbox", name: "enabled", checked: before?.enabled ?? true });
  const states = group(
    { pointer: "/states", label: "States", hint: "None ticked: it hears of every state." },
    h("div", { class: "checks" }, checks("states", STATES, known.states)),
  );
  const types = group({ pointer: "/types", label: "Types of runs", hint: "None ticked: runs of every type." }, h("div", { class: "checks" }, checks("types", TYPES, known.types)));
  const drift = h(
    "select",
    { name: "driftDetection" },
    [["", "runs that detect drift, and others"], ["true", "only runs that detect drift"], ["false", "only other runs"]].map(([value, text]) =>
      h("option", { value, selected: String(known.driftDetection ?? "") === value }, text),
    ),
  );
  const headers = headersField(known.headers ?? {}); // null where the server cannot read them
  const timeout = h("input", { type: "text", name: "timeout", value: known.timeout ?? "", placeholder: "PT10S", autocomplete: "off" });
  const waits = h("input", { type: "text", name: "retrySchedule", value: known.retrySchedule?.join(", ") ?? "", placeholder: "PT5S, PT30S, PT2M", autocomplete: "off" });
  const fields = [
    field({ pointer: "/endpoint", kind: "endpoint-taken", label: "Endpoint", hint: "Where deliveries go, by POST.", input: endpoint }),
    field({ pointer: "/name", label: "Name", hint: "For people; may be empty.", input: name }),
    key?.field,
    states,
    types,
    field({ pointer: "/driftDetection", label: "Drift detection", input: drift }),
    headers,
    field({ pointer: "/timeout", label: "Timeout of an attempt", hint: "As ISO 8601 has it: PT5S is five seconds. Empty for the server's own.", input: timeout }),
    field({ pointer: "/retrySchedule", label: "Waits before retries", hint: "One for each retry, with commas between them: PT10S, PT1M30S. Empty for the server's own.", input: waits }),
  ].filter(Boolean);
  const [shown, folded] = webhook ? [fields.slice(0, 2), fields.slice(2)] : [fields.slice(0, 3), fields.slice(3)];
  const whole = form({
    class: "card narrowform",
    fields,
    submit,
    cancel,
    send: () => send(body()),
  });
  const more = h("details", { open: known.states.length + known.types.length + Object.keys(known.headers ?? {}).length > 0 || known.timeout || known.retrySchedule }, h("summary", {}, "Filters, headers, timeout and retries"), folded);
  const on = enabled ? h("label", { class: "check field" }, enabled, h("span", {}, "Enabled from the start")) : null;
  whole.prepend(...shown, ...(on ? [on] : []), more);

  function body() {
    const said = {
      endpoint: endpoint.value,
      name: name.value,
      states: checkedOf(states, "states"),
      types: checkedOf(types, "types"),
      driftDetection: drift.value === "" ? null : drift.value === "true",
      timeout: timeout.value.trim() || null,
      retrySchedule: waits.value.trim() ? waits.value.split(",").map(text => text.trim()).filter(Boolean) : null,
    };
    const own = headers.value();
    if (known.headers !== null || Object.keys(own).length > 0) said.headers = own;
    if (key?.input.value) said.secret = key.input.value;
    if (enabled) said.enabled = enabled.checked;
    return said;
  }

  open = { whole, body };
  return whole;
}

function secretField(value) {
  const input = h("input", { type: "password", name: "secret", value, autocomplete: "off", spellcheck: "false" });
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
      hint: "Deliveries are signed with it. Leave it empty to have one generated.",
      input,
      beside: [show, generate],
    }),
  };
}

function headersField(headers) {
  const rows = h("div", { class: "stackup" });
  const add = (name = "", value = "") => {
    const remove = h("button", { type: "button", class: "small", "aria-label": `Remove the header ${name}`, onclick: () => row.remove() }, "Remove");
    const row = h(
      "div",
      { class: "row field header" },
      h("input", { type: "text", value: name, "aria-label": "Name of the header", placeholder: "X-Team", autocomplete: "off" }),
      h("input", { type: "text", value, "aria-label": "Value of the header", autocomplete: "off" }),
      remove,
    );
    rows.append(row);
    return row;
  };
  Object.entries(headers).forEach(([name, value]) => add(name, value));
  const whole = group(
    { pointer: "/headers", label: "Headers", hint: "Sent with every delivery." },
    rows,
    h("button", { type: "button", class: "small", onclick: () => add().querySelector("input").focus() }, "Add a header"),
  );
  whole.value = () => {
    const said = {};
    for (const row of rows.children) {
      const [name, value] = [...row.querySelectorAll("input")].map(input => input.value);
      if (name || value) said[name] = value;
    }
    return said;
  };
  return whole;
}
