import { LitElement, html, nothing } from "lit";
import { api, e } from "../../api/api.js";
import { body } from "../../components/delivery/exchange.js";
import { t } from "../../text/messages.js";
import { attempt } from "../../components/view.js";
import { sentence } from "../../text/text.js";
import { formatOf } from "./webhook-values.js";

/**
 * The format of a webhook, its template, and what the receiver would get.
 *
 * @param stack the id of the stack; nothing for an account webhook
 */
export const formatFields = (form, stack) => html`
  ${form.select({
    name: "format",
    label: t.webhook.format,
    hint: formatHint(form.values),
    options: Object.entries(t.webhook.formats),
  })}
  ${form.values.format === "template"
    ? form.textarea({
        name: "template",
        label: t.webhook.template,
        hint: t.webhook.templateHint,
        rows: 6,
      })
    : nothing}
  <rh-format-preview
    class="field"
    .stack=${stack}
    .format=${form.values.format}
    .template=${form.values.format === "template" ? form.values.template : null}
  ></rh-format-preview>
`;

function formatHint({ endpoint, format }) {
  const expected = formatOf(endpoint);
  const text = t.webhook.formats[expected];
  return [
    expected ? (expected === format ? t.webhook.formatOfUrl : t.webhook.otherFormat(text)) : "",
    format === "pagerduty" ? t.webhook.pagerDutyHint : "",
  ].join(" ").trim();
}

/**
 * Shows the body of a test event, on request, and the message that a chat shows.
 *
 * Properties: the id of the `stack`, or nothing for an example of a stack; `format`; `template`, or null.
 */
class FormatPreview extends LitElement {
  static properties = { stack: {}, format: {}, template: {}, preview: { state: true }, error: { state: true } };

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has("format") || changed.has("template")) this.preview = this.error = null;
  }

  load() {
    const { format, template } = this;
    return attempt(async () => {
      const path = this.stack ? `/stacks/${e(this.stack)}/webhooks/preview` : "/account-webhooks/format-preview";
      const [preview, { messageCard }] = await Promise.all([
        api.post(path, { format, template, state: "FAILED" }),
        import("./message-card.js"),
      ]);
      this.card = messageCard(format, preview.body, t.webhook.previewCard);
      this.preview = preview;
      this.error = null;
    }, problem => (this.error = problem.errors[0]?.detail ?? problem.message));
  }

  render() {
    return html`
      <button type="button" class="small" @click=${() => this.load()}>${t.webhook.preview}</button>
      <div aria-live="polite">
        ${this.error ? html`<p class="error">${sentence(this.error)}</p>` : nothing}
        ${this.preview
          ? html`
              ${this.card ?? nothing}
              <details ?open=${!this.card}>
                <summary>${this.preview.contentType}</summary>
                ${body(this.preview.body, t.webhook.previewBody)}
              </details>
            `
          : nothing}
      </div>
    `;
  }
}

customElements.define("rh-format-preview", FormatPreview);
