import { html, nothing } from "lit";
import { e } from "../../api/api.js";
import { t } from "../../text/messages.js";
import { sentence } from "../../text/text.js";
import { deliveryMark, kindName, outcomeText, stateName } from "../status-badges.js";
import { dueTime, duration } from "../../text/time.js";

/** The address of the webhook of a delivery. */
export const webhookOf = ({ stack, webhook }) => `#/stacks/${e(stack)}/settings/integrations/${e(webhook)}`;

/** The address of the deliveries of the webhook of a delivery. */
export const listOf = delivery => `${webhookOf(delivery)}/deliveries`;

export const eventName = ({ state, kind }) => (state ? stateName(state) : kindName(kind));

/**
 * The event of a delivery, with a link to the delivery.
 *
 * @param isOpen whether the delivery is shown next to the list
 */
export function event(delivery, isOpen) {
  const { id, run, redeliveryOf } = delivery;
  const { text: status } = deliveryMark(delivery);
  return html`
    <a class="rowlink" href="${listOf(delivery)}/${e(id)}" data-id=${id} aria-current=${isOpen ? "true" : nothing}>
      ${eventName(delivery)}<span class="unseen">${run ? t.deliveryList.of(run) : nothing}: ${status}</span>
    </a>
    ${redeliveryOf ? html`<span class="quiet" role="img" aria-label=${t.delivery.redelivery} title=${t.delivery.redelivery}>↺</span>` : nothing}
  `;
}

/** What the receiver answered, and what was wrong with it. */
export function response({ lastResult }) {
  if (!lastResult) return nothing;
  const error = lastResult.error ? sentence(lastResult.error) : "";
  return html`${outcomeText(lastResult)} <span class="quiet small" title=${error}>${error}</span>`;
}

export const attempts = ({ attemptCount, phase, nextAttemptAt }) => html`
  ${attemptCount}
  <span class="quiet small">${phase === "RETRYING" ? t.deliveryList.next(dueTime(nextAttemptAt)) : nothing}</span>
`;

export const latency = ({ createdAt, deliveredAt }) =>
  deliveredAt ? duration(Date.parse(deliveredAt) - Date.parse(createdAt)) : "";

/** A checkbox in a label that is large enough for touch, and the key that changes it in the focused row. */
export const picker = (label, isChecked, onChange, key = undefined) => html`
  <label>
    <input
      type="checkbox"
      aria-label=${label}
      aria-keyshortcuts=${key ?? nothing}
      .checked=${isChecked}
      @change=${event => onChange(event.target.checked)}
    >
  </label>
`;
