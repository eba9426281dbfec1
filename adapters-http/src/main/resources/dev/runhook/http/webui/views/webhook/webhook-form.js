import { LitElement, html, nothing } from "lit";
import { api, e } from "../../api/api.js";
import "../../components/form.js";
import { t } from "../../text/messages.js";
import { texts } from "../../text/messages-en-account.js";
import { STATES, TYPES, stateName } from "../../components/status-badges.js";
import { session } from "../../api/session.js";
import { shortDuration } from "../../text/time.js";
import { attempt, toast } from "../../components/view.js";
import { pathOf } from "../../components/webhook-actions.js";
import { decisive } from "./dry-run.js";
import { eventsField, filterFields, hasFilters } from "./webhook-filters.js";
import { formatFields } from "./webhook-format.js";
import {
  bodyOf, formatOf, hasAdvanced, isSame, requireDistinct, selectorOf, valuesOf, withAddition,
} from "./webhook-values.js";

const withName = code => [code, stateName(code)];
const STATE_NAMES = STATES.map(withName);
const TYPE_NAMES = TYPES.map(withName);

/** Usual choices of states by the name of their text. */
const PRESETS = { all: [], finished: ["FINISHED", "FAILED"], attention: ["PENDING_REVIEW", "UNCONFIRMED", "FAILED"] };

/** Whether a view has the place for the dry run next to the form. */
const isWide = () => matchMedia("(min-width: 1200px)").matches;

/** The form with unsaved input when the session expired. Its input is restored after the next sign-in. */
let openForm = null;
let draft = null;

window.addEventListener("session-expired", () => {
  if (session.me && openForm?.isConnected) draft = { key: draftKey(), values: openForm.values };
});

function draftKey() {
  return [session.me?.account, session.me?.name, location.hash].join(" ");
}

function takeDraft() {
  const values = draft?.key === draftKey() ? draft.values : null;
  draft = null;
  if (values) toast(t.form.restored);
  return values;
}

/**
 * The form for a new or an existing webhook. It sends only what has changed, and refuses to overwrite the changes
 * of another user.
 *
 * Properties: `webhook`, or null for a new one; the id of its `stack`, or `withSelector` for an account webhook; an
 * `addition` to a filter; `send`, which sends a request body based on a webhook; `submit`; `cancel`. Its method `isChanged()` returns whether
 * there are unsaved changes.
 */
class WebhookForm extends LitElement {
  static properties = {
    webhook: { attribute: false },
    stack: {},
    withSelector: { type: Boolean },
    submit: {},
    isSecretShown: { state: true },
    preview: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.basedOn = this.webhook;
    this.values = { ...valuesOf(this.webhook), ...(this.withSelector ? selectorOf(this.webhook) : {}) };
    this.original = bodyOf(this.values);
    Object.assign(this.values, takeDraft() ?? withAddition(this.values, this.addition));
    this.isFiltered = hasFilters(this.values);
    this.expectedFormat = formatOf(this.values.endpoint);
    this.isAdvanced = this.isFiltered || hasAdvanced(this.values);
    openForm = this;
  }

  isChanged() {
    return Object.keys(this.changes()).length > 0;
  }

  /** Accepts a change that the user has made elsewhere in the view. */
  rebase(updated) {
    this.basedOn = updated;
  }

  changes() {
    const entries = Object.entries(bodyOf(this.values));
    return Object.fromEntries(entries.filter(([name, value]) => !isSame(value, this.original[name])));
  }

  async save() {
    requireDistinct(this.values.headers.map(({ name }) => name).filter(Boolean));
    const saved = await this.send(this.webhook ? this.changes() : bodyOf(this.values), this.basedOn);
    this.basedOn = saved;
    if (this.webhook) Object.assign(this.values, valuesOf(saved));
    this.original = bodyOf(this.values);
    this.requestUpdate();
  }

  async getUpdateComplete() {
    await super.getUpdateComplete();
    return this.querySelector("rh-form").updateComplete;
  }

  render() {
    return html`
      <rh-form
        class="card narrowform"
        .values=${this.values}
        .content=${form => this.content(form)}
        .send=${() => this.save()}
        .cancel=${html`${this.cancel} <span class="quiet" role="status">${this.unsaved()}</span>`}
        submit=${this.submit}
        @edit=${() => this.requestUpdate()}
      ></rh-form>
      <rh-dry-run
        path=${this.stack ? `/stacks/${e(this.stack)}/webhooks/dry-run` : "/account-webhooks/dry-run"}
        .body=${decisive(bodyOf(this.values))}
        .saved=${this.webhook ? decisive(this.original) : null}
        .webhook=${this.stack ? this.basedOn : null}
        ?open=${Boolean(this.addition) || isWide()}
      ></rh-dry-run>
    `;
  }

  /** How many settings of an existing webhook have been changed. */
  unsaved() {
    const count = this.webhook ? Object.keys(this.changes()).length : 0;
    return count > 0 ? t.form.unsaved(count) : nothing;
  }

  /** Chooses the format that a new endpoint expects, unless the user has chosen another than the default. */
  chooseFormat() {
    const { values } = this;
    const expected = formatOf(values.endpoint);
    if (expected && expected !== this.expectedFormat && values.format === "runhook") values.format = expected;
    this.expectedFormat = expected;
  }

  content(form) {
    this.chooseFormat();
    const isNew = !this.webhook;
    const effective = this.basedOn?.effective;
    const drift = Object.entries(t.webhook.driftOptions);
    const isPagerDuty = form.values.format === "pagerduty";
    const needsKey = isPagerDuty && this.basedOn?.format !== "pagerduty";
    return html`
      ${this.withSelector ? this.selectorFields(form) : nothing}
      ${form.text({
        name: "endpoint",
        kind: "endpoint-taken",
        label: t.webhook.endpoint,
        hint: t.webhook.endpointHint,
        placeholder: isPagerDuty ? "https://events.pagerduty.com/v2/enqueue" : "https://example.com/hooks",
        inputmode: "url",
        required: true,
      })}
      ${form.text({ name: "name", label: t.webhook.name, hint: t.webhook.nameHint })}
      ${formatFields(form, this.stack)}
      ${needsKey ? this.secretField(form, t.webhook.routingKey, t.webhook.routingKeyHint) : nothing}
      ${isNew && !isPagerDuty ? this.secretField(form, t.webhook.secret, t.webhook.secretHint) : nothing}
      ${isNew ? form.check({ name: "enabled", label: t.webhook.enable }) : nothing}
      ${presets(form)}
      <details ?open=${this.isAdvanced}>
        <summary>${t.webhook.advanced}</summary>
        ${eventsField(form)}
        ${form.checks({ name: "states", label: t.webhook.states, hint: t.webhook.statesHint, options: STATE_NAMES })}
        ${form.checks({ name: "types", label: t.webhook.types, hint: t.webhook.typesHint, options: TYPE_NAMES })}
        ${form.select({ name: "driftDetection", label: t.webhook.drift, options: drift })}
        ${filterFields(form, this.isFiltered)}
        ${form.group({ name: "headers", label: t.webhook.headers, hint: t.webhook.headersHint }, this.headers(form))}
        <div class="field grid2">
          ${form.text({
            name: "timeout",
            label: t.webhook.timeout,
            hint: t.webhook.timeoutHint,
            placeholder: effective && shortDuration(effective.timeout),
          })}
          ${form.text({
            name: "retrySchedule",
            label: t.webhook.schedule,
            hint: t.webhook.scheduleHint,
            placeholder: effective?.retrySchedule.map(shortDuration).join(", "),
          })}
          ${form.text({
            name: "maxPerSecond", inputmode: "numeric", label: t.webhook.perSecond, hint: t.webhook.rateHint,
          })}
          ${form.text({ name: "maxPerMinute", inputmode: "numeric", label: t.webhook.perMinute })}
        </div>
        ${form.check({ name: "collapse", label: t.webhook.collapse })}
        ${form.text({ name: "externalId", label: t.webhook.externalId, hint: t.webhook.externalIdHint })}
      </details>
    `;
  }

  selectorFields(form) {
    const preview = () => attempt(async () => {
      this.preview = await api.post("/account-webhooks/preview", { selector: bodyOf(this.values).selector });
    });
    return html`
      ${form.text({
        name: "labels",
        pointer: "/selector/labels",
        label: texts.webhooks.labels,
        hint: texts.webhooks.labelsHint,
        placeholder: "env:production and not tier:sandbox",
      })}
      ${form.text({
        name: "stacks",
        pointer: "/selector/stacks",
        label: texts.webhooks.ids,
        hint: texts.webhooks.idsHint,
        placeholder: "prod-*, networking",
      })}
      <button type="button" class="small" @click=${preview}>${texts.webhooks.preview}</button>
      <p class="hint" role="status">${this.preview ? texts.webhooks.matches(this.preview) : nothing}</p>
    `;
  }

  secretField(form, label, hint) {
    const isRoutingKey = form.values.format === "pagerduty";
    const isShown = this.isSecretShown;
    const flip = () => (this.isSecretShown = !isShown);
    const generate = () => {
      form.change({ secret: "whsec_" + btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))) });
      this.isSecretShown = true;
      form.querySelector("[name=secret]").focus();
    };
    return form.text({
      name: "secret",
      type: isShown ? "text" : "password",
      label,
      hint,
      required: isRoutingKey,
      buttons: html`
        <button type="button" aria-label=${isShown ? t.webhook.hideSecret : t.webhook.showSecret} @click=${flip}>
          ${isShown ? t.hide : t.show}
        </button>
        ${isRoutingKey
          ? nothing
          : html`
              <button type="button" aria-label=${t.webhook.generateSecret} @click=${generate}>
                ${t.webhook.generate}
              </button>
            `}
      `,
    });
  }

  /** Stored headers have hidden values. A blank value keeps the stored one. */
  headers(form) {
    const { headers } = this.values;
    const add = async () => {
      form.change({ headers: [...headers, { name: "", value: "", isStored: false }] });
      await form.updateComplete;
      [...form.querySelectorAll(".header")].at(-1).querySelector("input").focus();
    };
    return html`
      <div class="stackup">${headers.map(header => this.header(form, header))}</div>
      <button type="button" class="small" @click=${add}>${t.webhook.addHeader}</button>
      ${headers.some(({ isStored }) => isStored) ? this.showHeadersButton(form) : nothing}
    `;
  }

  showHeadersButton(form) {
    const show = () => attempt(() => this.showHeaders(form));
    return html`<button type="button" class="small" @click=${show}>${t.webhook.showValues}</button>`;
  }

  header(form, header) {
    const set = field => event => {
      header[field] = event.target.value;
      form.change({ headers: this.values.headers });
    };
    const remove = () => form.change({ headers: this.values.headers.filter(each => each !== header) });
    return html`
      <div class="row field header">
        <input
          type="text"
          autocomplete="off"
          spellcheck="false"
          aria-label=${t.webhook.headerName}
          placeholder="X-Team"
          .value=${header.name}
          ?readonly=${header.isStored}
          @input=${set("name")}
        >
        <input
          type="text"
          autocomplete="off"
          spellcheck="false"
          aria-label=${t.webhook.headerValue}
          placeholder=${header.isStored ? t.webhook.unchanged : ""}
          .value=${header.value}
          @input=${set("value")}
        >
        <button type="button" class="small" aria-label=${t.webhook.removeHeader(header.name)} @click=${remove}>
          ${t.remove}
        </button>
      </div>
    `;
  }

  async showHeaders(form) {
    const stored = await api.get(`${pathOf(this.webhook)}/headers`);
    const headers = Object.entries(stored.headers).map(([name, value]) => ({ name, value, isStored: false }));
    form.change({ headers });
  }
}

customElements.define("rh-webhook-form", WebhookForm);

/** Buttons that choose the states. All states can be chosen one by one below. */
const presets = form => html`
  <fieldset class="field">
    <legend>${t.webhook.presets}</legend>
    <div class="actions">
      ${Object.entries(PRESETS).map(([name, states]) => html`
        <button
          type="button"
          class="small"
          aria-pressed=${String(isSame(form.values.states.toSorted(), states.toSorted()))}
          @click=${() => form.change({ states: [...states] })}
        >${t.webhook.presetNames[name]}</button>
      `)}
    </div>
  </fieldset>
`;
