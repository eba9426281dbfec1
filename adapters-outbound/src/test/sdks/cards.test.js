// Microsoft publishes this library with the schema of Adaptive Cards, and clients use it to show them.
const assert = require("node:assert/strict");
const { readFileSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const test = require("node:test");
const { AdaptiveCard, RichTextBlock, SerializationContext, Versions } = require("adaptivecards/dist/adaptivecards.js");

const messages = readdirSync(process.env.GOLDEN)
  .filter(name => name.startsWith("msteams-"))
  .map(name => [name, JSON.parse(readFileSync(join(process.env.GOLDEN, name), "utf8"))]);

/** Returns the card, and what the library finds wrong with it. */
function parse(json) {
  const context = new SerializationContext(Versions.v1_4);
  const card = new AdaptiveCard();
  card.parse(json, context);
  const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message);
  return { card, problems: [...events, ...card.validateProperties().validationEvents.map(event => event.message)] };
}

/** Returns the names of the properties that the library does not know, and therefore leaves out. */
function unknown(json, known, path = "") {
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    const at = `${path}/${key}`;
    return known?.[key] === undefined ? [at] : unknown(value, known[key], at);
  });
}

test("there are golden messages", () => assert.ok(messages.length >= 3));

for (const [name, message] of messages) {
  const [{ content }] = message.attachments;
  const { card, problems } = parse(content);

  test(`${name} is a valid Adaptive Card`, () => {
    assert.deepEqual(problems, []);
    assert.equal(card.getItemCount(), content.body.length);
    assert.equal(card.getActionCount(), content.actions?.length ?? 0);
    for (let i = 0; i < card.getItemCount(); i++) assert.ok(card.getItemAt(i) instanceof RichTextBlock);
  });

  test(`${name} has no property that the library does not know`, () => {
    const { msteams, ...standard } = content; // an extension of Teams
    assert.deepEqual(msteams, { width: "Full" });
    assert.deepEqual(unknown(standard, card.toJSON()), []);
  });
}

test("elements and properties that do not exist are found", () => {
  const card = { type: "AdaptiveCard", version: "1.4", body: [{ type: "RichTextBlock", inlines: [], colour: "Good" }] };

  assert.deepEqual(unknown(card, parse(card).card.toJSON()).filter(path => path.endsWith("colour")), ["/body/0/colour"]);
  assert.notDeepEqual(parse({ ...card, body: [{ type: "RichText" }] }).problems, []);
});
