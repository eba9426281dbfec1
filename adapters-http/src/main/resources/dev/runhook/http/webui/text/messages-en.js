import { html } from "lit";
import account from "./messages-en-account.js";
import runs from "./messages-en-runs.js";
import status from "./messages-en-status.js";
import webhook from "./messages-en-webhook.js";
import { counted, isolated, plural } from "./text.js";

/** The English texts of the web UI. A function gets the parts that vary, as text or as templates. */
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
    exactTimes: "Show exact times",
    relativeTimes: "Show relative times",
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
    completeBreadcrumb: "Show the complete path",
    live: "Live",
    asOf: time => html`As of ${time}`,
    offline: "Connection lost. Data may be out of date.",
    stalled: since => `Nothing is being sent: deliveries are due since ${since}, and no process has taken them.`,
    incomplete: buckets => `A database is down. Items in ${buckets.length === 1 ? "bucket" : "buckets"} ${
      new Intl.ListFormat("en").format(buckets.map(String))} are missing from this list.`,
  },

  ...runs,

  ...webhook,

  texts: status,

  keys: {
    title: "Keyboard shortcuts",
    list: [
      { keys: ["j", "k"], text: "Next and previous row of a list, or delivery" },
      { keys: ["Enter"], text: "Open the row" },
      { keys: ["x"], text: "Select the row" },
      { keys: ["r"], text: "Resend the delivery, or those that are selected" },
      { keys: ["c"], text: "Copy the delivery as a curl command" },
      { keys: ["e"], text: "Edit the webhook" },
      { keys: ["/"], text: "Search the list" },
      { keys: ["Ctrl or ⌘", "K"], text: "Search everything, and ask why" },
      { keys: ["?"], text: "Show these shortcuts" },
      { keys: ["Esc"], text: "Close a dialog, or the delivery beside a list" },
    ],
    on: "Use keys without Ctrl or ⌘",
  },

  search: {
    title: "Search",
    label: "Search everything",
    of: terms => `Search: ${terms}`,
    placeholder: "Ask why: slack 01JD…",
    help: "Enter a run, commit, delivery, event, webhook, URL or stack, or a webhook and a run to see why it did not get it.",
    heads: { status: "Status", webhook: "Webhook", event: "Event", run: "Run", why: "Why" },
    runs: "Runs",
    none: "Nothing has all of these terms",
    unknown: terms => `Nothing is found for ${terms.map(term => `“${term}”`).join(" and ")}`,
    incomplete: "Some stacks were not searched, because their database is unavailable.",
    similar: (count, since) => html`${plural(count, "other event")} since ${since} left out for this reason.`,
    onlyOne: since => html`The only event left out for this reason since ${since}.`,
    send: "Send it anyway",
    sendAll: "Send skipped events",
    edit: "Edit the filter",
    addBranch: "Add the branch to the filter",
    addState: "Add the state to the filter",
  },

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
    delivered: "delivered",
    failed: "failed",
    success: "Success",
    successTitle: "The share of the last 100 finished deliveries of 24 hours that were delivered, including retries",
    firstAttempt: share => `${share} at first attempt`,
    latency: "p50",
    latencyTitle: "The median time from creation to delivery",
    p99: text => `p99 ${text}`,
    waiting: "Waiting",
    oldest: age => html`oldest ${age}`,
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

  receivers: {
    title: "Receivers",
    lead: "The webhooks of all stacks. The figures are of the last 100 finished deliveries within 24 hours.",
    placeholder: "Name, URL or stack",
    arrange: "Order and groups",
    sort: "Order by",
    group: "Group by",
    groups: { "": "Nothing", host: "Host", stack: "Stack", label: "Label of the stack" },
    noLabel: "No label",
    slowest: "Slowest first",
    compare: "Compare receivers",
    slow: "Slow receivers",
    download: "Download CSV",
    heads: {
      name: "Receiver",
      stack: "Stack",
      status: "Status",
      success: "Success",
      first: "At first",
      p50: "p50",
      p99: "p99",
      waiting: "Waiting",
      oldest: "Oldest",
      last: "Last attempt",
    },
    titles: {
      success: "The share of deliveries that were delivered, including retries",
      first: "The share of deliveries that were delivered at the first attempt",
      p50: "The median time from creation to delivery",
      p99: "The time within which 99 % were delivered",
      oldest: "When the oldest waiting delivery was created",
    },
    limited: count => `Only the first ${count.toLocaleString()} webhooks are shown.`,
  },

  webhook: {
    add: "Add webhook",
    added: "Webhook added.",
    addNotAllowed: "You need an admin token to add a webhook.",
    enabled: "Enabled",
    enable: "Enable this webhook",
    on: "Takes new events",
    off: "Takes no new events",
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
    formatOfUrl: "Fits the URL.",
    otherFormat: name => `This URL usually expects: ${name}.`,
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
    changed: "Another user has changed this webhook while you edited it.",
    discard: "Discard my changes and show theirs",
    history: (added, updated) => html`Added ${added}, updated ${updated}.`,
    activity: "Audit log of this webhook",
    resume: "Resume now",
    resumed: "Webhook resumed. What waits is attempted now.",
    retry: "Retry now",
    retried: count =>
      count === 0 ? "No delivery waits for a retry." : `${plural(count, "delivery is", "deliveries are")} sent now.`,
    delete: "Delete webhook",
    deleted: "Webhook deleted",
    wasDeleted: "This webhook was deleted.",
    deletedBy: (actor, time) => html`<bdi>${actor}</bdi> deleted this webhook ${time}.`,
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
};
