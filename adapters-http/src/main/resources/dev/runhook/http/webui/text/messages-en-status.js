import { html } from "lit";
import { counted, plural } from "./text.js";

/** The English texts of statuses, times and errors. */
export default {
  status: {
    delivered: "Delivered",
    failed: "Failed",
    retrying: "Retrying",
    pending: "Pending",
    ofAttempt: (response, isDelivered) => response + (isDelivered ? " delivered" : ""),
  },

  health: {
    cannotDecrypt: "Cannot decrypt",
    paused: "Paused",
    disabled: "Disabled",
    active: "Active",
    failed: count => `${counted(count)} failed`,
    recently: "in the last 24 hours",
    errorRate: share => `Error rate ${Math.round(share * 100)} %`,
    ofFirstAttempts: "of the first attempts of recent deliveries",
    nothingDelivered: details => `Nothing is delivered. ${details}`,
    pausedText: (since, failures, lastError, nextProbe) => html`
      Paused ${since} after ${plural(failures, "consecutive failure")} (last: ${lastError}). Runhook probes the endpoint
      periodically and delivers the backlog once it responds.${nextProbe ? html` Next probe at ${nextProbe}.` : ""}
    `,
    disabledText: (since, by) => html`Disabled ${since} ${by}. New events are not delivered while it is disabled.`,
    failingText: share =>
      `${Math.round(share * 100)} % of recent deliveries failed at the first attempt. Failed attempts are retried.`,
    notRendered: error => `The latest event was sent as Runhook's payload, not in the format of this webhook. ${error}`,
    by: name => (name ? `by ${name}` : "because the receiver responded with 410 Gone"),
  },

  webhookCounts: {
    none: "no webhooks",
    paused: count => `${count} paused`,
    active: count => `${count} active`,
    disabled: count => `${count} disabled`,
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
