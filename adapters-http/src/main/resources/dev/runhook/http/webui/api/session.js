import { api, discardResponses } from "./api.js";

/**
 * The session of the signed-in user. The browser stores only what the user may do, so that a page can be shown before
 * the server responds. Scripts cannot read the session key, and the server checks every permission.
 */
const STORED = "runhook.session";
const RANKS = { reader: 0, writer: 1, admin: 2 };

let me = null;

export const session = {
  get me() {
    return me;
  },

  /** Whether the host signs its users in, so that there is no token to enter and no session to end. */
  isOfHost: "host" in document.documentElement.dataset,

  may(role) {
    return me !== null && RANKS[me.role] >= RANKS[role];
  },

  /** Returns the role of the last session in this browser and whether it could read secrets, or null. */
  recall() {
    me = JSON.parse(localStorage.getItem(STORED));
    return me;
  },

  async fetch() {
    return this.store(await api.get("/session"));
  },

  /** @param {Api["SignIn"]} credential a token, or the code of a sign-in link */
  async start(credential) {
    const user = await api.post("/session", credential);
    discardResponses();
    return this.store(user);
  },

  store(user) {
    me = user;
    localStorage.setItem(STORED, JSON.stringify({ role: me.role, canReadSecrets: me.canReadSecrets }));
    return me;
  },

  async end() {
    await api.delete("/session");
    this.clear();
  },

  clear() {
    me = null;
    localStorage.removeItem(STORED);
  },
};
