import { html, nothing } from "lit";
import { api } from "../../api/api.js";
import { copyButton } from "../../components/clipboard.js";
import { mayReadSecret } from "../../components/secret.js";
import "../../components/form.js";
import { t } from "../../text/messages.js";
import { session } from "../../api/session.js";
import { sentence } from "../../text/text.js";
import { attempt } from "../../components/view.js";
import { STATES, stateName } from "../../components/status-badges.js";
import { added, pathOf, resultNotice, sendTestEvent } from "../../components/webhook-actions.js";
import "./dry-run.js";
import "./receiver-checks.js";
import { WebhookView } from "./webhook-layout.js";

const PROGRAMS = new URL("../../text/receivers.md", import.meta.url);
const SECTION = /## (\w+)\n\n```\w+\n([\s\S]*?)```/g;

/** The first line of a program, which names its file and the command that starts it. */
const START = /Save as (\S+), and start it: (.*)/;
const PLACEHOLDER = "whsec_…";
const LANGUAGE = "runhook.language";

/** Helps to set up the receiver of a webhook: test events, complete receivers, and a signature check. */
class ReceiverView extends WebhookView {
  tab = "receiver";
  language = localStorage.getItem(LANGUAGE);
  secret = PLACEHOLDER;
  check = { signature: "", body: "", id: "", timestamp: "" };

  /** The programs arrive together with the webhook. Later, they would move what is next to them. */
  async receive() {
    const [received, programs] = await Promise.all([super.receive(), this.programs ?? this.receivePrograms()]);
    return { ...received, programs };
  }

  async receivePrograms() {
    const response = await fetch(PROGRAMS, { signal: this.signal });
    const sections = [...(await response.text()).matchAll(SECTION)];
    return new Map(sections.map(([, language, code]) => [language, code]));
  }

  content(webhook) {
    return html`
      <div class="stackup">
        ${added.id === webhook.id && webhook.enabled
          ? html`<rh-first-events .webhook=${webhook}></rh-first-events>`
          : nothing}
        <div class="grid2">
          ${this.codeSection()}
          <div class="stackup">
            ${session.may("admin") ? testSections(this, webhook) : nothing} ${this.checkSection()}
          </div>
        </div>
      </div>
    `;
  }

  codeSection() {
    const { programs, secret } = this;
    const names = [...programs.keys()];
    const language = names.find(name => name === this.language) ?? names[0];
    const code = programs.get(language);
    const [, file, start] = START.exec(code);
    const command = start.replace(PLACEHOLDER, () => secret.replaceAll("'", String.raw`'\''`));
    return html`
      <section class="card" aria-label=${t.receiver.code}>
        <h2>${t.receiver.code}</h2>
        <div class="actions more" role="group" aria-label=${t.receiver.language}>
          ${names.map(
            name => html`
              <button
                type="button"
                class="small"
                aria-pressed=${String(name === language)}
                @click=${() => this.choose(name)}
              >${name}</button>
            `,
          )}
        </div>
        <div class="more"><p class="hint">${t.receiver.codeHint(html`<code>${file}</code>`)}</p></div>
        <div class="curl more"><pre>${command}</pre>${copyButton(command, t.texts.clipboard.command)}</div>
        ${mayReadSecret(this.webhook)
          ? html`
              <div class="actions more">
                <button type="button" class="small" @click=${() => attempt(() => this.flipSecret())}>
                  ${secret === PLACEHOLDER ? t.receiver.insertSecret : t.receiver.removeSecret}
                </button>
              </div>
            `
          : nothing}
        <pre class="payload code more" tabindex="0" role="region" aria-label=${t.receiver.code}>${code}</pre>
        <div class="actions more">${copyButton(code, t.receiver.copy)}</div>
      </section>
    `;
  }

  /** Remembers the language, which is usually the same for the next receiver. */
  choose(language) {
    localStorage.setItem(LANGUAGE, language);
    this.set({ language });
  }

  async flipSecret() {
    const isHidden = this.secret === PLACEHOLDER;
    const secret = isHidden ? (await api.get(`${pathOf(this.webhook)}/secret`)).secret : PLACEHOLDER;
    this.set({ secret });
  }

  checkSection() {
    const content = form => html`
      ${form.text({ name: "signature", label: t.receiver.signature, hint: t.receiver.signatureHint, required: true })}
      ${form.textarea({ name: "body", label: t.receiver.body, hint: t.receiver.bodyHint })}
      ${form.text({ name: "id", label: "webhook-id", hint: t.receiver.idHint })}
      ${form.text({ name: "timestamp", label: "webhook-timestamp", inputmode: "numeric" })}
    `;
    return html`
      <section class="card" aria-label=${t.receiver.check}>
        <h2>${t.receiver.check}</h2>
        <p class="hint">${t.receiver.checkHint}</p>
        <rh-form
          class="more"
          .values=${this.check}
          .content=${content}
          .send=${values => this.checkSignature(values)}
          submit=${t.receiver.submit}
        ></rh-form>
        ${this.diagnosis ? diagnosis(this.diagnosis) : nothing}
      </section>
    `;
  }

  async checkSignature({ signature, body, id, timestamp }) {
    const { stack, webhook } = this.params;
    this.set({ diagnosis: null });
    const optional = { ...(id ? { id } : {}), ...(timestamp ? { timestamp: Number(timestamp) } : {}) };
    this.set({ diagnosis: await api.post("/signatures/check", { stack, webhook, signature, body, ...optional }) });
  }
}

customElements.define("rh-receiver", ReceiverView);

/** @param {Api["SignatureDiagnosis"]} diagnosis */
function diagnosis({ result, message, causes }) {
  return html`
    <div class="notice more ${result === "VALID" ? "info" : "bad"}" role="status">
      ${causes.length === 0 ? html`<p>${result === "VALID" ? t.receiver.valid : sentence(message)}</p>` : nothing}
      ${causes.map(cause => html`<p>${sentence(cause.description)} ${sentence(cause.fix)}</p>`)}
    </div>
  `;
}

/**
 * The receiver checks, and the form that sends a test event.
 *
 * @param view keeps the result of the test event
 */
export const testSections = (view, webhook) => html`
  <rh-receiver-checks .webhook=${webhook}></rh-receiver-checks> ${testSection(view, webhook)}
`;

/** An account webhook gets no ping. */
function testSection(view, webhook) {
  const hint = webhook.stack ? t.test.hint : t.test.exampleHint;
  const send = event => {
    event.preventDefault();
    const state = new FormData(event.target).get("state");
    sendTestEvent(webhook, state, result => view.set({ result }), view.signal);
  };
  return html`
    <section class="card" aria-label=${t.test.title}>
      <h2>${t.test.title}</h2>
      <p class="hint">${webhook.enabled ? hint : t.test.needsEnabled}</p>
      ${webhook.enabled
        ? html`
            <form class="actions more" @submit=${send}>
              <label>
                ${t.test.event}
                <select name="state">
                  ${webhook.stack ? html`<option value="">${t.delivery.kinds.ping}</option>` : nothing}
                  ${STATES.map(state => html`<option value=${state}>${stateName(state)}</option>`)}
                </select>
              </label>
              <button>${t.test.send}</button>
            </form>
            ${resultNotice(view.result)}
          `
        : nothing}
    </section>
  `;
}
