import { html } from "lit";
import { plural } from "./text.js";

/** The English texts of the account: tokens, sessions and account webhooks. */
export default {
  account: {
    title: "Account",
    tokens: "Tokens",
    webhooks: "Webhooks",
    sessions: "Sessions",
    audit: "Audit log",
    payloads: "Payloads",
    settings: "Server settings",
    leads: {
      tokens: "API tokens. Each limits its owner to a role and, if you choose, to certain stacks.",
      webhooks: `
        Webhooks for many stacks. Each stack that the selector matches, now or later, gets a copy with its own
        deliveries and status.
      `,
      sessions: "Browsers that are signed in to the web UI. Ending a session does not revoke its token.",
      audit: "Who changed webhooks, read secrets, resent deliveries and managed tokens.",
      payloads: "Payloads are erased when retention ends. To remove sensitive data earlier, erase them here.",
      settings: "The settings that the server started with. To change them, change its environment.",
    },
  },

  tokens: {
    none: "No tokens yet",
    status: "Status",
    lastUsed: "Last used",
    created: "Created",
    create: "Create token",
    name: "Name",
    nameHint: "Who or what uses the token, such as CI of networking.",
    role: "Role",
    roles: { reader: "Reader", writer: "Writer", admin: "Admin" },
    roleOptions: {
      reader: "Reader: view everything, including secrets of webhooks",
      writer: "Writer: also report stacks, runs and transitions",
      admin: "Admin: also manage webhooks and tokens",
    },
    stacks: "Stacks",
    stacksHint: "Ids, comma-separated; type to find one. Leave blank for all stacks.",
    unknownStack: id => `must be the IDs of stacks that exist, but there is no stack ${id}`,
    expiresAt: "Expires",
    expiries: { 7: "In 7 days", 30: "In 30 days", 90: "In 90 days", 365: "In a year", "": "Never" },
    allStacks: "All stacks",
    limited: stacks => `Only ${stacks}`,
    createdBy: name => `by ${name}`,
    expires: time => html`expires ${time}`,
    noExpiry: "does not expire",
    isActive: "Active",
    isExpired: "Expired",
    isRevoked: "Revoked",
    shownOnce: "Copy the token now. It is not shown again.",
    copy: "Copy the token",
    rename: "Rename",
    renameTitle: "Rename token",
    revoke: "Revoke",
    revokeTitle: "Revoke this token?",
    revokeText: name => html`Requests with ${name} will be rejected, and its sessions end. This can't be undone.`,
    revokeSubmit: "Revoke token",
    revoked: "Token revoked",
  },

  accountWebhooks: {
    none: "No account webhooks yet",
    stacks: "Stacks",
    copies: "Copies",
    labels: "Labels of the stacks",
    labelsHint: "Labels with and, or, not and parentheses; * stands for any characters. Leave blank for all labels.",
    ids: "Ids of the stacks",
    idsHint: "Comma-separated; * stands for any characters. Leave blank for all ids.",
    preview: "Show matching stacks",
    matches: ({ count, stacks }) =>
      count === 0
        ? "No stack matches."
        : `${plural(count, "stack")}: ${stacks.join(", ")}${count > stacks.length ? ", …" : ""}`,
    selector: ({ labels = null, stacks = [] }) =>
      html`${labels ? html`<code>${labels}</code>` : stacks.length > 0 ? "" : "All stacks"}
        ${stacks.map(id => html`<code>${id}</code> `)}`,
    onStacks: count => plural(count, "stack"),
    paused: count => `${count} paused`,
    disabled: count => `${count} disabled`,
    uncopied: "The latest change is not on all stacks yet.",
    covered: "Covered by an account webhook",
    readOnly: link =>
      html`This is a copy of an account webhook. Change the account webhook to change all copies. ${link}`,
  },

  sessions: {
    token: "Token",
    started: "Started",
    lastUsed: "Last used",
    expires: "Expires",
    none: "No sessions",
    current: "This browser",
    end: "End session",
    ended: "Session ended",
  },

  serverSettings: {
    heads: ["Setting", "Value", "Source", "Default"],
    default: "default",
    isSet: "Set",
    notSet: "Not set",
    none: "No settings to show",
    noneText: "Only admins who operate the server see its settings.",
  },
};
