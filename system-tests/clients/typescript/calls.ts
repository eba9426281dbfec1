/**
 * Makes calls with the client that openapi-generator generated for TypeScript.
 *
 * Arguments: the URL of the server and an admin token.
 */
import {
  Configuration,
  DeliveriesApi,
  DeliveryStatus,
  ProblemFromJSON,
  ResponseError,
  RunState,
  RunsApi,
  StacksApi,
  WebhooksApi,
} from "./generated";
import type { Delivery, Problem, WebhookWithSecret } from "./generated";

const [, , basePath, accessToken] = process.argv;
const configuration = new Configuration({ basePath, accessToken });
const stacks = new StacksApi(configuration);
const runs = new RunsApi(configuration);
const webhooks = new WebhooksApi(configuration);
const deliveries = new DeliveriesApi(configuration);

const stack = "typescript";
const endpoint = "http://127.0.0.1:9/hooks";

async function main(): Promise<void> {
  await stacks.upsertStack({ stack, stackInput: { name: "TypeScript" } });
  const webhook = await createWebhook();
  await createRunAndRecord();
  await recordBatch();
  await readDelivery(webhook.id);
  await countReplay(webhook.id);
  await rotateSecret(webhook);
  await readProblem();
  const deleted = await webhooks.deleteWebhookRaw({ stack, webhook: webhook.id });
  expect(deleted.raw.status === 204, "a deletion returns 204", deleted.raw.status);
}

async function createWebhook(): Promise<WebhookWithSecret> {
  const webhook = await webhooks.createWebhook({
    stack,
    webhookInput: { endpoint, timeout: "2s", retrySchedule: [] },
  });
  expect(webhook.timeout === "PT2S", "the timeout is kept", webhook);
  return webhook;
}

async function createRunAndRecord(): Promise<void> {
  const commit = { hash: "0ee3f1c", message: "Add a subnet", authorName: "Octo" };
  await runs.createRun({ stack, runInput: { id: "run-1", branch: "main", commit } });
  await runs.recordTransition({ stack, run: "run-1", transitionInput: { state: RunState.Ready } });
}

async function recordBatch(): Promise<void> {
  const state = RunState.Preparing;
  const { items } = await runs.recordTransitions({
    transitionItem: [
      { stack, run: "run-1", state },
      { stack, run: "none", state },
    ],
  });
  const [good, bad] = items;
  expect(items.length === 2, "a batch returns every item", items);
  expect(good?.status === 201 && good.problem === null, "a good item is recorded", items);
  expect(bad?.status === 404, "a bad item has its own status", items);
  expect(typeOf(bad?.problem) === "no-such-run", "it has a problem", items);
}

async function readDelivery(webhook: string): Promise<void> {
  const end = Date.now() + 30_000;
  let failed = await listFailed(webhook);
  while (failed.length === 0 && Date.now() < end) {
    await new Promise(resolve => setTimeout(resolve, 100));
    failed = await listFailed(webhook);
  }
  const [delivery] = failed;
  if (!delivery) throw new Error("expected that a delivery fails");
  const details = await deliveries.getDelivery({ delivery: delivery.id });
  expect(delivery.attemptCount === 1, "a list counts attempts", delivery);
  expect(details.attempts.length === 1, "a delivery contains attempts", details);
}

async function listFailed(webhook: string): Promise<Delivery[]> {
  const page = await deliveries.listDeliveries({ stack, webhook, status: DeliveryStatus.Failed });
  return page.items;
}

async function countReplay(webhook: string): Promise<void> {
  const counted = await deliveries.replayDeliveries({
    stack,
    webhook,
    replayRequest: { from: "2026-01-01T00:00:00Z", dryRun: true },
  });
  expect(counted.toCreate >= 1, "a dry run counts deliveries", counted);
}

async function rotateSecret(webhook: WebhookWithSecret): Promise<void> {
  const { secret } = await webhooks.getSecret({ stack, webhook: webhook.id });
  expect(secret === webhook.secret, "the secret is shown", "another secret");
  const rotated = await webhooks.rotateSecret({ stack, webhook: webhook.id });
  expect(rotated.secret !== secret, "a new secret is generated", "the same secret");
  expect(rotated.previousSecretExpiresAt instanceof Date, "there is an overlap", "none");
}

async function readProblem(): Promise<void> {
  try {
    await webhooks.createWebhook({ stack, webhookInput: { endpoint } });
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const problem = ProblemFromJSON(await error.response.json());
    expect(error.response.status === 409, "a duplicate endpoint is a conflict", error.response.status);
    expect(typeOf(problem) === "endpoint-taken", "the problem is parsed", problem);
    return;
  }
  throw new Error("a second webhook with the same endpoint was created");
}

/** Returns the last part of the type, such as `no-such-run`. */
function typeOf(problem: Problem | null | undefined): string | undefined {
  return problem?.type.split(":").at(-1);
}

function expect(condition: boolean, expectation: string, actual: unknown): void {
  if (!condition) throw new Error(`expected that ${expectation}, but got: ${JSON.stringify(actual)}`);
}

main().then(
  () => console.log("TypeScript: all calls succeeded"),
  error => {
    console.error(error);
    process.exitCode = 1;
  },
);
