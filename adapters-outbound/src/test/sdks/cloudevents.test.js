// The project CloudEvents publishes this library, with which receivers in JavaScript read events.
const assert = require("node:assert/strict");
const { readFileSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const test = require("node:test");
const { HTTP } = require("cloudevents");

const read = name => readFileSync(join(process.env.GOLDEN, name), "utf8");
const contentType = JSON.parse(read("content-types.json")).cloudevents;
const names = readdirSync(process.env.GOLDEN).filter(name => name.startsWith("cloudevents-"));

test("there are golden events", () => assert.ok(names.length >= 3));

for (const name of names) {
  test(`${name} is a valid CloudEvent`, () => {
    const body = read(name);
    const { time, ...sent } = JSON.parse(body);

    const event = HTTP.toEvent({ headers: { "Content-Type": contentType }, body });

    assert.equal(event.validate(), true);
    for (const [attribute, value] of Object.entries(sent)) assert.deepEqual(event[attribute], value);
    assert.equal(Date.parse(event.time), Date.parse(time));
  });
}
