import { api } from "./api.js";

/// Who is signed in. That somebody is, and in which role, this browser remembers, so that it need not
/// ask for what it cannot have, nor wait for an answer before it shows what it can; the key itself no
/// script can read, and what a role may do the server decides.
const REMEMBERED = "runhook.signed-in";
const RANKS = { reader: 0, writer: 1, admin: 2 };

let me = null;

export const session = {
  get me() {
    return me;
  },

  may(role) {
    return me !== null && RANKS[me.role] >= RANKS[role];
  },

  /// The role that somebody was here in; null where nobody was.
  recall() {
    const role = localStorage.getItem(REMEMBERED);
    if (role !== null) me = { role };
    return role;
  },

  async find() {
    return this.keep(await api.get("/session"));
  },

  async start(token) {
    return this.keep(await api.post("/session", { token }));
  },

  keep(found) {
    me = found;
    localStorage.setItem(REMEMBERED, me.role);
    return me;
  },

  async end() {
    await api.delete("/session");
    this.forget();
  },

  forget() {
    me = null;
    localStorage.removeItem(REMEMBERED);
  },
};
