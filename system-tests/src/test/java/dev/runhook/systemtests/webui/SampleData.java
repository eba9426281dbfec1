package dev.runhook.systemtests.webui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.receiver.Receiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/// What there is to see on an ordinary day: runs in all sorts of states, a webhook that is well,
/// one that is paused, one that is switched off, and names longer than anybody would like.
final class SampleData implements AutoCloseable {
  static final String STACK = "networking-eu";
  static final String EMPTY_STACK = "sandbox";
  private static final String LONG =
      "The-one-whose-name-nobody-ever-thought-through-because-it-was-put-together-by-a-template";
  private static final String SECRET = "It's a Secret to Everybody";
  private static final List<String> STATES =
      List.of("PREPARING", "INITIALIZING", "PLANNING", "UNCONFIRMED", "CONFIRMED", "APPLYING");

  private final WebUiFixture webUiFixture;
  private final Receiver receiver;
  private final String healthyWebhook;
  private final String pausedWebhook;
  private final String disabledWebhook;
  private final String unnamedWebhook;

  private SampleData(WebUiFixture site) throws IOException {
    this.webUiFixture = site;
    this.receiver = Receiver.start(0, SECRET, _ -> {});
    ObjectNode stack = WebUiFixture.json().put("name", "Networking EU");
    stack.put("description", "VPCs, subnets and peerings of the European regions");
    List.of("production", "eu-west-1", "team-network").forEach(stack.putArray("labels")::add);
    site.putStack(STACK, stack.put("repository", "github.com/acme/networking"));
    site.putStack(EMPTY_STACK, "Sandbox");
    site.putStack(
        "long", WebUiFixture.json().put("name", LONG).put("description", (LONG + " ").repeat(4)));
    this.healthyWebhook = site.createWebhook(STACK, said("", SECRET).put("name", "Chat"));
    this.pausedWebhook =
        site.createWebhook(
            STACK, said("/gate", "another than its receiver's").put("name", "Deploy gate"));
    ObjectNode off = said("/pager", SECRET).put("name", "Pager").put("enabled", false);
    List.of("FAILED", "UNCONFIRMED").forEach(off.putArray("states")::add);
    off.putArray("types").add("TRACKED");
    ObjectNode nameless = said("/pager?team=network&severity=" + LONG, SECRET);
    this.unnamedWebhook = site.createWebhook("long", nameless.put("enabled", false));
    this.disabledWebhook = site.createWebhook(STACK, off);
    site.api().startRun("long", LONG).requireSuccess();
  }

  static SampleData create(WebUiFixture site) throws IOException {
    SampleData sampleData = new SampleData(site);
    for (int number = 1; number <= 5; number++) {
      sampleData.run(number);
    }
    Awaitility.await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> sampleData.statusOf(sampleData.pausedWebhook).equals("PAUSED"));
    return sampleData;
  }

  /// The place of the webhook to which all is delivered.
  String healthyWebhook() {
    return healthyWebhook;
  }

  /// The place of the one whose receiver refuses what it gets.
  String pausedWebhook() {
    return pausedWebhook;
  }

  /// The place of the one that is switched off.
  String disabledWebhook() {
    return disabledWebhook;
  }

  /// The place of one on another stack that goes by its endpoint alone, which is long.
  String unnamedWebhook() {
    return unnamedWebhook;
  }

  /// The place of the newest delivery of that webhook with that status.
  String newestDelivery(String webhook, String status) throws IOException {
    JsonNode items =
        webUiFixture
            .api()
            .get(pathOf(webhook) + "/deliveries?status=" + status)
            .requireSuccess()
            .json()
            .path("items");
    return webhook + "/deliveries/" + items.path(0).path("id").asText();
  }

  @Override
  public void close() {
    receiver.close();
  }

  private ObjectNode said(String path, String secret) {
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
    webUiFixture.api().post("/stacks/" + STACK + "/runs", run.toString()).requireSuccess();
    List<String> moves = new ArrayList<>(STATES.subList(0, Math.min(STATES.size(), number + 1)));
    if (number == 1) {
      moves.add("FAILED");
    } else if (number == 5) {
      moves.add("FINISHED");
    }
    for (int i : IntStream.range(0, moves.size()).toArray()) {
      ObjectNode move = WebUiFixture.json().put("state", moves.get(i)).put("stateVersion", i + 2);
      if (moves.get(i).equals("UNCONFIRMED")) {
        move.put("note", "Waits for somebody of the network team.");
      }
      if (moves.get(i).equals("FINISHED")) {
        move.putObject("delta")
            .put("added", 3)
            .put("changed", 1)
            .put("deleted", 0)
            .put("resources", 128);
      }
      webUiFixture
          .api()
          .post("/stacks/" + STACK + "/runs/run-" + number + "/transitions", move.toString())
          .requireSuccess();
    }
  }

  private String statusOf(String webhook) throws IOException {
    return webUiFixture
        .api()
        .get(pathOf(webhook))
        .requireSuccess()
        .json()
        .path("status")
        .path("state")
        .asText();
  }

  private static String pathOf(String webhook) {
    return "/stacks/" + STACK + "/webhooks/" + webhook.substring(webhook.lastIndexOf('/') + 1);
  }
}
