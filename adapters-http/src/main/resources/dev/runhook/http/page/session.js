import { api } from "./api.js";

/// Who is signed in. That somebody is, this browser remembers, so that it need not ask for what it
/// cannot have; the key itself no script can read.
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

  async find() {
    if (localStorage.getItem(REMEMBERED) === null) return null;
    try {
      me = await api.get("/session");
      return me;
    } catch (problem) {
      if (problem.status !== 401) throw problem;
      this.forget();
      return null;
    }
  },

  async start(token) {
    me = await api.post("/session", { token });
    localStorage.setItem(REMEMBERED, "yes");
    return me;
  },

  async end() {
    try {
      await api.delete("/session");
    } finally {
      this.forget();
    }
  },

  forget() {
    me = null;
    localStorage.removeItem(REMEMBERED);
  },
};
