import { html } from "lit";
import account from "./messages-en-account.js";
import runs from "./messages-en-runs.js";
import status from "./messages-en-status.js";
import { counted, isolated, plural } from "./text.js";

/// The English texts of the web UI. A function gets the parts that vary, as text or as templates.
export default {
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  saved: "Saved",
  show: "Show",
  hide: "Hide",
  remove: "Remove",
  from: zone => `From (${zone})`,
  to: zone => `To (${zone})`,
  cannotUndo: "This can't be undone.",
  discardChanges: "Discard unsaved changes?",
  deliveries: "Deliveries",

  nav: {
    home: "Home",
    stacks: "Stacks",
    integrations: "Integrations",
    general: "General",
    webhook: "Webhook",
    delivery: "Delivery",
    health: "Health",
  },

  never: "Never",

  ...account,

  page: {
    notFound: "There is nothing at this URL.",
    apiReference: "API reference",
    theme: "Switch theme",
    themeTitle: "Theme",
    signIn: "Sign in",
    access: ({ account = "", role }) => `${account} ${role}: your access`,
    accessTitle: "Your access",
    token: "Token",
    expires: "Session expires",
    abilities: {
      reader: "View stacks, runs, webhooks and deliveries",
      secrets: "Read the signing secrets of webhooks",
      writer: "Report stacks, runs and transitions through the API",
      admin: "Manage webhooks, resend deliveries, manage tokens",
    },
    mayNot: ": not allowed",
    signOut: "Sign out",
    signedOut: "You are signed out.",
    stillSignedIn: problem => `You are still signed in: ${problem}`,
    expired: "Your session expired. Sign in again.",
    offline: "Connection lost. Data may be out of date.",
  },

  ...runs,

  texts: status,

  signIn: {
    title: "Sign in to Runhook",
    submit: "Sign in",
    token: "Token",
    hint: html`
      Use an API token. To sign in for the first time, use the value of <code>RUNHOOK_ADMIN_TOKEN</code> or the content
      of the file <code>admin-token</code> in the data directory.
    `,
  },

  form: { restored: "Your unsaved changes were restored." },

  stack: {
    id: "ID",
    name: "Name",
    description: "Description",
    labels: "Labels",
    repository: "Repository",
    url: "URL",
    activity: "Audit log of this stack",
    managed: id => `Managed through the API (PUT /api/v1/stacks/${id}).`,
    delete: "Delete stack",
    deleted: "Stack deleted",
    deleteHeading: "Delete this stack",
    deleteHint: "Also deletes its runs, webhooks and deliveries.",
    deleteTitle: "Delete this stack?",
    deleteText: name => html`
      This deletes all runs, webhooks and deliveries of ${name}, including queued ones. This can't be undone.
    `,
    confirm: id => `To confirm, type ${id}`,
  },

  edit: "Edit",
  settings: "Settings",

  integrations: {
    lead: `
      Webhooks send a signed POST request whenever a run on this stack changes state. Delivery is at least once, and in
      order within a run.
    `,
    status: "Status",
    last: "Last attempt",
    success: "Success, 24 h",
    successTitle: "The share of the finished deliveries that were delivered, with retries",
    firstAttempt: share => `${share} at first attempt`,
    search: "Search webhooks",
    noMatch: "No matching webhooks",
    none: "No webhooks yet",
    addHint: "Add one above, or with the API:",
    askAdmin: "Ask an admin to add a webhook.",
    events: ({ events, states, types, driftDetection, previousStates, branches, delta, stackLabels }, nameOf) => [
      events.includes("run_state_changed")
        ? states.length === 0 ? "All run states" : states.map(nameOf).join(", ")
        : "No run states",
      ...events.filter(kind => kind !== "run_state_changed").map(nameOf),
      types.length === 0 ? null : `only runs of type ${types.map(nameOf).join(" or ")}`,
      driftDetection === null ? null : driftDetection ? "only drift detection" : "no drift detection",
      previousStates.length === 0 ? null : `only after ${previousStates.map(nameOf).join(" or ")}`,
      branches.length === 0 ? null : `branches ${isolated(branches.join(", "))}`,
      delta === null ? null : delta ? "only with changes" : "only without changes",
      stackLabels.length === 0 ? null : `stack labels ${isolated(stackLabels.join(", "))}`,
    ].filter(Boolean).join(" · "),
  },

  webhook: {
    add: "Add webhook",
    added: "Webhook added.",
    addNotAllowed: "You need an admin token to add a webhook.",
    enabled: "Enabled",
    enable: "Enable this webhook",
    delivered: "Events are delivered",
    notDelivered: "Events are not delivered",
    queued: "Events are queued",
    endpoint: "Endpoint",
    endpointHint: "Runhook sends POST requests to this URL.",
    name: "Name",
    nameHint: "Optional. Shown in lists instead of the URL.",
    format: "Format",
    formats: {
      runhook: "Runhook",
      cloudevents: "CloudEvents",
      slack: "Slack message",
      msteams: "Microsoft Teams message",
      pagerduty: "PagerDuty event",
      template: "Template",
    },
    pagerDutyHint: "Only FAILED and FINISHED are sent: a failed run opens an alert, the next finished run closes it.",
    template: "Template",
    templateHint: "Mustache that results in JSON, for example {\"content\": \"{{title}}: {{link}}\"}.",
    preview: "Preview",
    previewBody: "Body of the request",
    secret: "Secret",
    secretHint: "Used to sign deliveries. Leave blank to generate one.",
    routingKey: "Integration key",
    routingKeyHint: "Of an integration of the type Events API v2 in PagerDuty: 32 letters and digits.",
    showSecret: "Show the secret",
    hideSecret: "Hide the secret",
    generate: "Generate",
    generateSecret: "Generate a secret",
    advanced: "Events, filters, headers, timeout and retries",
    events: "Events",
    eventsHint: `
      The other events are about the other webhooks of the stack. There are none about webhooks that receive such events
      themselves.
    `,
    eventTexts: {
      run_state_changed: "a run enters a state",
      webhook_paused: "a webhook failed too often",
      webhook_resumed: "a webhook that was paused or disabled is active again",
      webhook_disabled: "a user disabled a webhook, or its receiver responded with 410 Gone",
      delivery_failed: "a delivery failed permanently",
      secret_rotated: "the secret of a webhook was replaced",
      queue_lagging: "deliveries to an active webhook have been due for too long",
    },
    all: "All",
    states: "States",
    statesHint: "Select none to receive all states.",
    types: "Run types",
    typesHint: "Select none to receive all run types.",
    drift: "Drift detection",
    driftOptions: { "": "All runs", true: "Drift detection only", false: "Exclude drift detection" },
    headers: "Headers",
    headersHint: "Sent with every delivery. Values are hidden; viewing is audited.",
    headerName: "Header name",
    headerValue: "Header value",
    addHeader: "Add header",
    removeHeader: name => `Remove header ${name}`,
    duplicateHeader: name => `Duplicate header: ${name}`,
    unchanged: "Unchanged",
    showValues: "Show values",
    timeout: "Timeout",
    timeoutHint: "For example 5s. Leave blank for the server's default.",
    noRetries: "No retries",
    serverDefault: value => `${value} (the server's default)`,
    schedule: "Retry schedule",
    scheduleHint: "Delay before each retry, comma-separated: 5s, 30s, 2m. Leave blank for the server's default.",
    conflict: "Not saved: another user has changed this webhook.",
    changedMeanwhile: "Another user has changed this webhook while you edited it.",
    discard: "Discard my changes and show theirs",
    history: (added, updated) => html`Added ${added}, updated ${updated}.`,
    activity: "Audit log of this webhook",
    resume: "Resume now",
    resumed: "Webhook resumed. Queued deliveries are sent now.",
    retry: "Retry now",
    retried: count =>
      count === 0 ? "No delivery waits for a retry." : `${plural(count, "delivery is", "deliveries are")} sent now.`,
    delete: "Delete webhook",
    deleted: "Webhook deleted",
    deleteHeading: "Delete this webhook",
    deleteTitle: "Delete this webhook?",
    deleteText: (name, waiting) => html`
      ${waiting > 0 ? `${counted(waiting)} queued` : "Queued"} ${waiting === 1 ? "delivery" : "deliveries"} of ${name}
      will be discarded. Its secret will be deleted. Its delivery history stays until retention removes it. This can't
      be undone.
    `,
    deleteHint: "To stop deliveries temporarily, disable it instead.",
  },

  filters: {
    more: "Filter by branch, previous state, changes or label",
    branches: "Branches",
    branchesHint: `
      One pattern per line, for example release/*. * matches any characters except /, ** any characters; a leading !
      excludes. Leave blank to receive all branches.
    `,
    previousStates: "Previous states",
    previousStatesHint: "The states that runs come from. Select none to receive all.",
    delta: "Changes",
    deltaHint: "A run whose changes are not known yet is delivered only with the first option.",
    deltaOptions: { "": "All runs", true: "Only runs that change resources", false: "Only runs without changes" },
    stackLabels: "Required stack labels",
    stackLabelsHint: "One per line. Events are delivered while the stack has all of them.",
  },

  health: {
    title: "Delivery outcomes",
    range: "Time range",
    ranges: { hour: "Last hour", day: "Last 24 hours" },
    series: { delivered: "Delivered", failed: "Failed", pending: "Pending", p50: "Median (p50)", p99: "p99" },
    rate: "Success rate",
    firstAttempt: "At first attempt",
    currentMedian: "Current p50",
    peak: "Peak p99",
    perMinute: "minute",
    perQuarter: "15 minutes",
    countsTitle: per => `Deliveries per ${per}`,
    clickHint: "Click a bar to see its deliveries.",
    counts: ({ delivered, failed, pending }) =>
      [[delivered, "delivered"], [failed, "failed"], [pending, "pending"]]
        .map(([count, name]) => `${count.toLocaleString()} ${name}`)
        .join(", "),
    latencyTitle: "Delivery latency",
    latency: (p50, p99) => `median ${p50}, p99 ${p99}`,
    nothingDelivered: "No deliveries succeeded.",
    capped: per => `Counts are capped at 50,000 per ${per}; totals are higher.`,
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
    rotated: "Secret rotated",
    rotateTitle: "Rotate signing secret?",
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
    code: "Verify signatures",
    codeHint: `
      The arguments are the secret in Standard Webhooks format, the raw bytes of the body, and the headers webhook-id,
      webhook-timestamp and webhook-signature.
    `,
    language: "Language",
    copy: "Copy the code",
    insertSecret: "Insert the secret",
    removeSecret: "Remove the secret",
    check: "Check a signature",
    checkHint: "If your receiver rejects a delivery, paste what it received. Runhook says which mistake was made.",
    signature: "Signature",
    signatureHint: "The value of X-Signature-256, X-Signature or webhook-signature.",
    body: "Body",
    bodyHint: "As the receiver verified it.",
    idHint: "Only for webhook-signature, like the time.",
    submit: "Check",
    valid: "The signature is valid.",
  },

  test: {
    title: "Test event",
    waiting: explanation => html`Test event: ${explanation}.`,
    finished: (outcome, duration) => html`Test event: ${outcome} in ${duration}.`,
    unfinished: status => html`Test event: ${status}`,
    send: "Send test event",
    sending: "Sending test event…",
    result: "Test event",
    retry: attempt => `Attempt ${attempt} failed and will be retried.`,
    view: "View delivery",
    hint: "Sends a signed test request through the same path as real events, even while the webhook is paused.",
    event: "Event",
    needsEnabled: "To send a test event, enable the webhook first.",
  },

  resend: {
    title: "Resend deliveries",
    text: "Resends the original payload as a new delivery.",
    fromHint: "Leave blank for all events of a run.",
    toHint: "Leave blank for the current time.",
    runHint: "Leave blank for all runs.",
    sinceLastSuccess: "Everything since the last success",
    status: "Deliveries to resend",
    statuses: { FAILED: "Failed", DELIVERED: "Delivered", SKIPPED: "Skipped: filtered, or webhook disabled" },
    skipped: "These events were never sent to this webhook. They arrive after later events of their runs.",
    submit: "Resend",
    matching: "All deliveries that match the filter of the list are resent, the oldest first.",
    matches: (count, webhooks, hasMore) => {
      if (count === 0) return "No matching deliveries.";
      const those = `${plural(count, "delivery", "deliveries")} to ${plural(webhooks, "webhook")}`;
      return hasMore ? `The newest ${those} will be resent, and no older ones.` : `${those} will be resent.`;
    },
    sending: (count, total) => `Resent ${count.toLocaleString()} of ${total.toLocaleString()}`,
    none: "No matching deliveries.",
    preview: (count, erased) => [
      count === 0 ? "No matching deliveries." : `${plural(count, "delivery", "deliveries")} will be resent.`,
      erased === 0 ? "" : `${plural(erased, "event")} can't be resent, because the payload was erased.`,
    ].filter(Boolean).join(" "),
    progress: "Progress",
    finished: (finished, created, failed) =>
      `Finished ${finished.toLocaleString()} of ${created.toLocaleString()}` +
      (failed ? `, ${failed.toLocaleString()} failed` : ""),
    done: count => (count === 1 ? "Delivered." : `All ${count.toLocaleString()} delivered.`),
  },
};
