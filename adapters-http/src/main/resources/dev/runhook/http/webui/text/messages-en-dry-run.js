import { plural } from "./text.js";

const count = number => number.toLocaleString();

/** The texts of the dry run of a webhook, which only its view needs. */
export const texts = {
  show: "Show what these filters send",
  summary: ({ sent, sentPerDay, examined }, before, period) => {
    const time = `the last ${period === "7d" ? 7 : 30} days`;
    if (examined === 0) return `There were no events in ${time}.`;
    const share = sent === examined && sent > 1 ? "All" : `${count(sent)} of`;
    const average = `${count(sentPerDay)} a day${before ? ` instead of ${count(before.sentPerDay)}` : ""}`;
    return `${share} ${plural(examined, "event")} of ${time}, about ${average}.`;
  },
  changes: (count, all) =>
    count === 0 ? `Nothing changes for the latest ${plural(all, "event")}` : `What changes: ${plural(count, "event")}`,
  unchanged: number => `${plural(number, "event")} without a change`,
  notSent: number => `${plural(number, "event")} not sent`,
  heads: { status: "Status", event: "Event" },
  sent: "Sent",
  missed: number =>
    number === 1 ? "The latest event that you want now was not sent." : `The latest ${number} events were not sent.`,
  sendMissed: "Send them",
  first: "It receives the events from now on.",
  sendFirst: number => (number === 1 ? "Also send the last one" : `Also send the last ${number}`),
  missedSent: number => (number === 1 ? "1 event is sent." : `${number} events are sent.`),
  longer: "Look back 30 days",
  shorter: "Look back 7 days",
};
