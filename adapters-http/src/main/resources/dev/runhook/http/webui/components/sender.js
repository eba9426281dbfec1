/** Says on every page that no process sends deliveries. */

import { api } from "../api/api.js";
import { session } from "../api/session.js";
import { t } from "../text/messages.js";
import { clock } from "../text/time.js";
import { toast } from "./view.js";

const INTERVAL = 10_000;
const FIRST = 1_000; // after what the first view needs

let notice = null;
let isAsked = false;

/** Asks whether a process sends deliveries, and says on the page if none does. */
export async function askSender(signal) {
  isAsked = true;
  const sender = await api.get("/sender", signal);
  show(sender.stalledSince);
  return sender;
}

/** Asks repeatedly while a user is signed in and looks at the page, unless its view has just asked. */
export function watchSender() {
  setTimeout(async function check() {
    try {
      if (!session.me) show(null);
      else if (document.visibilityState === "visible" && !isAsked) await askSender();
    } catch (problem) {
      if (problem.status === undefined && problem.name !== "AbortError") throw problem;
    } finally {
      isAsked = false;
      setTimeout(check, INTERVAL);
    }
  }, FIRST);
}

/** @param stalledSince null to remove the notice */
function show(stalledSince) {
  const text = stalledSince && t.page.stalled(clock(stalledSince));
  if (text === notice?.textContent) return;
  notice?.remove();
  notice = text && toast(text, true);
}
