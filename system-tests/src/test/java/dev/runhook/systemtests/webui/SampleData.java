package dev.runhook.systemtests.webui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/// Stacks with typical data: runs in many states, a healthy webhook, a paused one, a disabled one,
/// and very long names.
final class SampleData implements AutoCloseable {
  static final String STACK = "networking-eu";
  static final String EMPTY_STACK = "sandbox";
  private static final String LONG =
      "A-very-long-name-without-a-space-that-a-template-has-generated-from-many-other-long-names";
  private static final String SECRET = "It's a Secret to Everybody";
  private static final List<String> STATES =
      List.of("PREPARING", "INITIALIZING", "PLANNING", "UNCONFIRMED", "CONFIRMED", "APPLYING");

  private final WebUiFixture fixture;
  private final Receiver receiver;
  private final String healthyWebhook;
  private final String pausedWebhook;
  private final String disabledWebhook;
  private final String unnamedWebhook;

  private SampleData(WebUiFixture site) throws IOException {
    this.fixture = site;
    this.receiver = Receiver.start(0, SECRET, _ -> {});
    ObjectNode stack = WebUiFixture.json().put("name", "Networking EU");
    stack.put("description", "VPCs, subnets and peerings of the European regions");
    List.of("production", "eu-west-1", "team-network").forEach(stack.putArray("labels")::add);
    site.putStack(STACK, stack.put("repository", "github.com/acme/networking"));
    site.putStack(EMPTY_STACK, "Sandbox");
    site.putStack(
        "long", WebUiFixture.json().put("name", LONG).put("description", (LONG + " ").repeat(4)));
    this.healthyWebhook = site.createWebhook(STACK, webhookJson("", SECRET).put("name", "Chat"));
    this.pausedWebhook =
        site.createWebhook(
            STACK,
            webhookJson("/gate", "not the secret of its receiver").put("name", "Deploy gate"));
    ObjectNode off = webhookJson("/pager", SECRET).put("name", "Pager").put("enabled", false);
    List.of("FAILED", "UNCONFIRMED").forEach(off.putArray("states")::add);
    off.putArray("types").add("TRACKED");
    ObjectNode nameless = webhookJson("/pager?team=network&severity=" + LONG, SECRET);
    this.unnamedWebhook = site.createWebhook("long", nameless.put("enabled", false));
    this.disabledWebhook = site.createWebhook(STACK, off);
    site.api().startRun("long", LONG).requireSuccess();
  }

  static SampleData create(WebUiFixture site) throws IOException {
    SampleData data = new SampleData(site);
    for (int number = 1; number <= 5; number++) {
      data.run(number);
    }
    Awaitility.await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> data.statusOf(data.pausedWebhook).equals("PAUSED"));
    return data;
  }

  /// The address of the webhook whose deliveries succeed.
  String healthyWebhook() {
    return healthyWebhook;
  }

  /// The address of the webhook whose receiver rejects everything.
  String pausedWebhook() {
    return pausedWebhook;
  }

  /// The address of the disabled webhook.
  String disabledWebhook() {
    return disabledWebhook;
  }

  /// The address of a webhook on another stack that has a long endpoint and no name.
  String unnamedWebhook() {
    return unnamedWebhook;
  }

  /// The address of the newest delivery of the webhook with the given status.
  String newestDelivery(String webhook, String status) throws IOException {
    JsonNode items =
        fixture
            .api()
            .get(WebUiFixture.pathOf(webhook) + "/deliveries?status=" + status)
            .requireSuccess()
            .json()
            .path("items");
    return webhook + "/deliveries/" + items.path(0).path("id").asText();
  }

  @Override
  public void close() {
    receiver.close();
  }

  private ObjectNode webhookJson(String path, String secret) {
    return WebUiFixture.json().put("endpoint", receiver.url() + path).put("secret", secret);
  }

  private void run(int number) throws IOException {
    ObjectNode run = WebUiFixture.json().put("id", "run-" + number).put("branch", "main");
    run.putObject("commit")
        .put("hash", "0ee3f1c8a2b4d6e8f0a1b3c5d7e9f1a3b5c7d9e" + number)
        .put("message", number == 3 ? LONG + " " + LONG : "Add a subnet to zone " + number)
        .put("authorName", "Octo Cat")
        .put("url", "https://example.com/commit/" + number);
    run.put("triggeredBy", "octocat@example.com");
    fixture.api().post("/stacks/" + STACK + "/runs", run.toString()).requireSuccess();
    List<String> states = new ArrayList<>(STATES.subList(0, Math.min(STATES.size(), number + 1)));
    if (number == 1) {
      states.add("FAILED");
    } else if (number == 5) {
      states.add("FINISHED");
    }
    for (int i : IntStream.range(0, states.size()).toArray()) {
      ObjectNode transition =
          WebUiFixture.json().put("state", states.get(i)).put("stateVersion", i + 2);
      if (states.get(i).equals("UNCONFIRMED")) {
        transition.put("note", "Waits for the network team.");
      }
      if (states.get(i).equals("FINISHED")) {
        transition
            .putObject("delta")
            .put("added", 3)
            .put("changed", 1)
            .put("deleted", 0)
            .put("resources", 128);
      }
      fixture
          .api()
          .post("/stacks/" + STACK + "/runs/run-" + number + "/transitions", transition.toString())
          .requireSuccess();
    }
  }

  private String statusOf(String webhook) throws IOException {
    return fixture
        .api()
        .get(WebUiFixture.pathOf(webhook))
        .requireSuccess()
        .json()
        .path("status")
        .path("state")
        .asText();
  }
}
