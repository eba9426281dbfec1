import { html } from "lit";
import { counted, plural } from "./text.js";

/** The English texts of the health, the secret, the receiver, test events and redeliveries of a webhook. */
export default {
  health: {
    title: "Delivery outcomes",
    range: "Time range",
    ranges: { hour: "Last hour", day: "Last 24 hours" },
    series: { delivered: "Delivered", failed: "Failed", pending: "Pending", p50: "Median (p50)", p99: "p99" },
    rate: "Success rate",
    firstAttempt: "At first attempt",
    median: "p50",
    medianOf: interval => `p50 of ${interval}`,
    peak: "Peak p99",
    perMinute: "minute",
    perQuarter: "15 minutes",
    countsTitle: per => `Deliveries per ${per}`,
    selectTime: "Deliveries by time; Enter selects",
    clickHint: "Click a bar to see its deliveries.",
    counts: ({ delivered, failed, pending }) =>
      [[delivered, "delivered"], [failed, "failed"], [pending, "pending"]]
        .map(([count, name]) => `${count.toLocaleString()} ${name}`)
        .join(", "),
    latencyTitle: "Delivery latency",
    latency: (p50, p99) => `median ${p50}, p99 ${p99}`,
    nothingDelivered: "No deliveries succeeded.",
    capped: per => `Counts are capped at 50,000 per ${per}; totals are higher.`,
    tooMany: "There are too many deliveries to count all of them. Some bars are too low.",
    table: "Show as a table",
    time: "Time",
    empty: { hour: "No deliveries in the last hour", day: "No deliveries in the last 24 hours" },
    emptyHint: "To test the receiver, send a test event.",
    disabledHint: "The webhook is disabled: nothing is delivered until it is enabled.",
  },

  failures: {
    recent: count =>
      `${counted(count)} ${count === 1 ? "delivery" : "deliveries"} failed permanently in the last 24 hours and ` +
      `${count === 1 ? "was" : "were"} not resent.`,
    review: "Review and resend",
  },

  secret: {
    current: "Signing secret",
    ofCurrent: "the secret",
    notVisible: "Your role can't read it.",
    ofCopy: "It is the same for all stacks, so only the account webhook shows it.",
    standard: "Standard Webhooks format (whsec_…)",
    ofStandard: "the secret in Standard Webhooks format",
    previous: "Previous secret",
    expires: time => html`Still used in webhook-signature; expires ${time}`,
    expire: "Expire now",
    expired: "The previous secret has expired.",
    expireTitle: "Expire the previous secret?",
    expireText: `
      Deliveries are then signed with the current secret only. Receivers that still use the previous secret will reject
      them.
    `,
    rotate: "Rotate secret",
    change: "Change secret",
    resume: "Resume the webhook, and send what waits",
    retry: "Send what waits for a retry",
    rotated: "Secret rotated",
    rotateTitle: "Rotate the secret",
    generated: "Give this secret to the receiver.",
    rotateText: `
      X-Signature and X-Signature-256 switch to the new secret immediately. Receivers that verify those headers will
      reject deliveries until you update them.
    `,
    overlap: "Keep the old secret valid for",
    overlapHint: "During this time, webhook-signature contains both signatures.",
    overlaps: { PT24H: "24 hours", PT1H: "1 hour", P7D: "7 days", PT0S: "Expire immediately" },
    new: "New secret",
    newHint: "Leave blank to generate one.",
  },

  receiver: {
    title: "Receiver",
    code: "Complete receiver",
    codeHint: file => html`
      Save this program as ${file}, and start it with the command. It verifies signatures, recognizes duplicates and
      prints what it gets.
    `,
    language: "Language",
    copy: "Copy the program",
    insertSecret: "Insert the secret",
    removeSecret: "Remove the secret",
    check: "Check a signature",
    checkHint: "If your receiver rejects a delivery, paste what it received. Runhook finds the mistake.",
    signature: "Signature",
    signatureHint: "The value of X-Signature-256, X-Signature or webhook-signature.",
    body: "Body",
    bodyHint: "The body exactly as the receiver verified it.",
    idHint: "Only for webhook-signature, like the time.",
    submit: "Check",
    valid: "The signature is valid.",
  },

  test: {
    title: "Test event",
    waiting: explanation => html`Test event: ${explanation}`,
    finished: (outcome, duration) => html`Test event: ${outcome} in ${duration}.`,
    unfinished: status => html`Test event: ${status}`,
    send: "Send test event",
    sending: "Sending test event…",
    result: "Test event",
    retry: attempt => `Attempt ${attempt} failed and will be retried.`,
    view: "View delivery",
    hint: "Sends a signed test request through the same path as real events, even while the webhook is paused.",
    exampleHint: "Sends one signed test request about an example stack. It is not stored and needs no copy.",
    event: "Event",
    needsEnabled: "To send a test event, enable the webhook first.",
  },

  checks: {
    title: "Receiver checks",
    hint: "Sends a signed ping, and a forged one that your receiver must refuse. Nothing is stored.",
    needsEnabled: "To check the receiver, enable the webhook first.",
    run: "Check the receiver",
    running: "Running",
    waiting: "Waiting",
    open: "Not checked",
    check: "Check",
    result: "Result",
    names: {
      "name-resolves": "The name resolves",
      tls: "TLS works",
      "responds-with-2xx": "Responds with 2xx",
      "responds-within-a-second": "Responds within a second",
      "verifies-signatures": "Verifies signatures",
    },
    results: { PASSED: "Passed", FAILED: "Failed", SKIPPED: "Skipped" },
  },

  gettingStarted: {
    title: "Get to the first delivery",
    demo: html`Or try <code>./runhook demo</code>, which does all of this on a server of its own.`,
    done: "Done",
    open: "To do",
    steps: {
      token: "Create a writer token for your CI or platform",
      stack: "Register a stack",
      webhook: "Add a webhook to the stack",
      run: "Report a run",
      delivery: "Let the receiver accept a delivery: send a test event, and check its signatures",
    },
  },

  cancelDeliveries: {
    title: "Cancel deliveries",
    one: "Cancel delivery",
    text: "Ends deliveries that wait, without another attempt. They can be resent later.",
    ignored: "The filters by kind, outcome and HTTP status do not apply here.",
    fromHint: "Leave blank for all that wait.",
    reason: "Reason",
    reasonHint: "Shown on the delivery and in the audit log.",
    preview: count =>
      count === 0 ? "No matching deliveries wait." : `${plural(count, "delivery", "deliveries")} will be canceled.`,
    submit: "Cancel deliveries",
    done: count => `${plural(count, "delivery", "deliveries")} canceled.`,
  },

  resend: {
    title: "Resend deliveries",
    text: "Resends the original payload as a new delivery.",
    fromHint: "Leave blank for all events of a run.",
    toHint: "Leave blank for the current time.",
    run: "Run ID",
    runHint: "Leave blank for all runs.",
    sinceLastSuccess: "Everything since the last success",
    status: "Deliveries to resend",
    statuses: {
      FAILED: "Failed",
      DELIVERED: "Delivered",
      CANCELED: "Canceled",
      SKIPPED: "Skipped: filtered, or webhook disabled",
    },
    skipped: "These events were never sent to this webhook. They arrive after later events of their runs.",
    submit: "Resend",
    ofAccount: "It is sent to all enabled webhooks. The server continues if you leave this page.",
    stack: "Stack ID",
    stackHint: "Leave blank for all stacks.",
    cancel: "Cancel",
    none: "No matching deliveries.",
    preview: (count, erased) => [
      count === 0 ? "No matching deliveries." : `${plural(count, "delivery", "deliveries")} will be resent.`,
      erased === 0 ? "" : `${plural(erased, "event")} can't be resent, because the payload was erased.`,
    ].filter(Boolean).join(" "),
    confirm: count => `To confirm, type ${count.toLocaleString()}`,
    progress: "Progress",
    finished: (finished, created, failed) =>
      `Finished ${finished.toLocaleString()} of ${created.toLocaleString()}` +
      (failed ? `, ${failed.toLocaleString()} failed` : ""),
    done: count => (count === 1 ? "Delivered." : `All ${count.toLocaleString()} delivered.`),
  },
};
