import { html } from "lit";
import { counted, percentage, plural } from "./text.js";

const errorRate = ({ total, failed }) => percentage(failed, total, 0);

/** The English texts of statuses, times and errors. */
export default {
  status: {
    phases: {
      SENDING: "Sending",
      DUE: "Due",
      RATE_LIMITED: "Waits: rate limit",
      RETRYING: "Retrying",
      WAITING_FOR_LANE: "Waits for an earlier one",
      PAUSED: "Waits: paused",
      DISABLED: "Waits: disabled",
      DELIVERED: "Delivered",
      FAILED: "Failed",
      CANCELED: "Canceled",
    },
    resent: "Failed, resent ✓",
    ofAttempt: (response, isDelivered) => response + (isDelivered ? " delivered" : ""),
  },

  health: {
    verdicts: {
      HEALTHY: "Healthy",
      DEGRADED: "Degraded",
      FAILING: "Failing",
      PAUSED: "Paused",
      DISABLED: "Disabled",
      IDLE: "Nothing sent yet",
    },
    /** Instead of the verdict. */
    causes: {
      UNDECRYPTABLE: () => "Cannot decrypt",
      ATTEMPTS_FAIL: ({ health: { verdict }, status }) =>
        verdict === "FAILING" ? `Failing: last ${status.consecutiveFailures}` : undefined,
      DELIVERIES_FAILED: ({ failedDeliveries }) => `${counted(failedDeliveries)} failed`,
      FIRST_ATTEMPTS_FAIL: ({ firstAttempts }) => `Error rate ${errorRate(firstAttempts)}`,
    },
    nothingDelivered: details => `Nothing is delivered. ${details}`,
    pausedText: (since, failures, lastError, nextProbe) => html`
      Paused ${since} after ${plural(failures, "consecutive failure")} (last: ${lastError}).
      ${nextProbe ? html`Next probe at ${nextProbe}.` : ""}
    `,
    disabledText: (since, by) => html`Disabled ${since} ${by}. New events are not delivered while it is disabled.`,
    failingText: (failures, since, lastError) => html`
      ${failures === 1
        ? html`The last attempt failed ${since}: ${lastError}.`
        : html`The last ${failures} attempts failed, the first of them ${since}. The last error: ${lastError}.`}
    `,
    deliveriesWait: "Deliveries wait for more than a minute, although no attempt has failed repeatedly.",
    retriesFail: "Deliveries that have failed at least twice wait for their next attempt. Others arrive.",
    firstAttemptsFail: firstAttempts => `${errorRate(firstAttempts)} of recent deliveries failed at the first attempt.`,
    waiting: (count, since) => html`
      ${counted(count)} ${count === 1 ? "delivery waits" : "deliveries wait"}, the oldest created ${since}.
    `,
    notRendered: error => `The latest event was sent as Runhook's payload, not in the format of this webhook. ${error}`,
    by: name => (name ? `by ${name}` : "because the receiver responded with 410 Gone"),
  },

  webhookCounts: {
    none: "no webhooks",
    HEALTHY: count => `${count} healthy`,
    DEGRADED: count => `${count} degraded`,
    FAILING: count => `${count} failing`,
    PAUSED: count => `${count} paused`,
    DISABLED: count => `${count} disabled`,
    IDLE: count => `${count} idle`,
    problems: "Webhooks with problems",
    all: count => `Show all ${count} webhooks`,
  },

  changes: ({ added, changed, deleted, resources }) =>
    `${added} added, ${changed} changed, ${deleted} deleted, ${resources} in total`,

  time: {
    now: "now",
    due: "due",
    ago: amount => `${amount} ago`,
    in: amount => `in ${amount}`,
    units: { second: "s", minute: "min", hour: "h" },
    on: (time, day) => `${time} on ${day}`,
  },

  errors: {
    headings: { 0: "No connection", 403: "Not allowed", 404: "Page not found" },
    heading: "Something went wrong",
    unreachable: "Can't reach the server. Retrying…",
    response: status => `the server responded with ${status}`,
    outdated: message => `Can't refresh: ${message}. Data may be out of date.`,
    again: "Try again",
    field: (number, detail) => `number ${number} ${detail}`,
  },

  clipboard: {
    copy: "Copy",
    copied: "Copied",
    failed: "Copy failed. Select the text and copy it.",
    copyOf: name => `Copy ${name}`,
    command: "Copy the command",
  },
};
