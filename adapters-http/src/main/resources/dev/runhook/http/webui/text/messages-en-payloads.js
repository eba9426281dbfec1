import { plural } from "./text.js";

/** The texts of the erasure of payloads, which only its view needs. */
export const texts = {
  all: "All runs",
  ofRun: "One run",
  stack: "Stack",
  run: "Run ID",
  countAll: "Count payloads",
  count: ({ erased, retained }) =>
    `${plural(erased, "payload")} would be erased. ${plural(retained, "payload")} still to be delivered would stay.`,
  result: ({ erased, retained }) =>
    `${plural(erased, "payload")} erased. ${plural(retained, "payload")} still to be delivered stayed.`,
  erase: "Erase payloads",
  eraseAll: "Erase all payloads",
  eraseAllTitle: "Erase all payloads?",
  eraseRunTitle: run => `Erase the payloads of ${run}?`,
  warning: "Erased payloads cannot be shown or resent. Their SHA-256 stays. This can't be undone.",
  confirm: account => `To confirm, type ${account}`,
};
