import { html } from "lit";

/** The texts of the sign-in, which few users see. */
export const texts = {
  title: "Sign in to Runhook",
  submit: "Sign in",
  token: "Token",
  hint: html`
    Use an API token. To sign in for the first time, use the value of <code>RUNHOOK_ADMIN_TOKEN</code> or the content
    of the file <code>admin-token</code> in the data directory.
  `,
};

/** The texts of links that sign in once. */
export const link = {
  invite: "Invite a person",
  nameHint: "Who it is, as shown in the audit log.",
  create: "Create link",
  label: "Link",
  hint: "Signs the person in to this web UI, once.",
  times: { "1h": "Valid for an hour", "24h": "Valid for 24 hours", "7d": "Valid for 7 days" },
  created: time => html`Send this link to the person. It works once, and expires ${time}.`,
  copy: "Copy the link",
  lead: "This link works once. It signs you in with this access:",
  account: "Account",
  replaces: name => html`You are signed in as <bdi>${name}</bdi>. That session ends.`,
  submit: name => html`<span>Sign in as <bdi>${name}</bdi></span>`,
  withToken: "Sign in with a token",
};
