package dev.runhook.bootstrap.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.process.RunhookProcess;
import dev.runhook.bootstrap.receiver.Receiver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/// What there is to see on an ordinary day: runs in all sorts of states, a webhook that is well,
/// one that is paused, one that is switched off, and names longer than anybody would like.
final class Scene implements AutoCloseable {
  static final String STACK = "networking-eu";
  static final String BARE = "sandbox";
  private static final String LONG =
      "The-one-whose-name-nobody-ever-thought-through-because-it-was-put-together-by-a-template";
  private static final String SECRET = "It's a Secret to Everybody";
  private static final List<String> STATES =
      List.of("PREPARING", "INITIALIZING", "PLANNING", "UNCONFIRMED", "CONFIRMED", "APPLYING");

  private final Site site;
  private final Receiver receiver;
  private final String well;
  private final String paused;
  private final String silent;
  private final String nameless;

  private Scene(Site site) throws IOException {
    this.site = site;
    this.receiver = Receiver.start(0, SECRET, _ -> {});
    ObjectNode stack = Site.json().put("name", "Networking EU");
    stack.put("description", "VPCs, subnets and peerings of the European regions");
    List.of("production", "eu-west-1", "team-network").forEach(stack.putArray("labels")::add);
    site.stack(STACK, stack.put("repository", "github.com/acme/networking"));
    site.stack(BARE, "Sandbox");
    site.stack("long", Site.json().put("name", LONG).put("description", (LONG + " ").repeat(4)));
    this.well = site.webhook(STACK, said("", SECRET).put("name", "Chat"));
    this.paused =
        site.webhook(
            STACK, said("/gate", "another than its receiver's").put("name", "Deploy gate"));
    ObjectNode off = said("/pager", SECRET).put("name", "Pager").put("enabled", false);
    List.of("FAILED", "UNCONFIRMED").forEach(off.putArray("states")::add);
    off.putArray("types").add("TRACKED");
    ObjectNode nameless = said("/pager?team=network&severity=" + LONG, SECRET);
    this.nameless = site.webhook("long", nameless.put("enabled", false));
    this.silent = site.webhook(STACK, off);
    site.api().startRun("long", LONG).expectingSuccess();
  }

  static Scene set(Site site) throws IOException {
    Scene scene = new Scene(site);
    for (int number = 1; number <= 5; number++) {
      scene.run(number);
    }
    Awaitility.await()
        .atMost(RunhookProcess.PATIENCE)
        .until(() -> scene.statusOf(scene.paused).equals("PAUSED"));
    return scene;
  }

  /// The place of the webhook to which all is delivered.
  String well() {
    return well;
  }

  /// The place of the one whose receiver refuses what it gets.
  String paused() {
    return paused;
  }

  /// The place of the one that is switched off.
  String silent() {
    return silent;
  }

  /// The place of one on another stack that goes by its endpoint alone, which is long.
  String nameless() {
    return nameless;
  }

  /// The place of the newest delivery of that webhook with that status.
  String delivery(String webhook, String status) throws IOException {
    JsonNode items =
        site.api()
            .get(pathOf(webhook) + "/deliveries?status=" + status)
            .expectingSuccess()
            .json()
            .path("items");
    return webhook + "/deliveries/" + items.path(0).path("id").asText();
  }

  @Override
  public void close() {
    receiver.close();
  }

  private ObjectNode said(String path, String secret) {
    return Site.json().put("endpoint", receiver.url() + path).put("secret", secret);
  }

  private void run(int number) throws IOException {
    ObjectNode run = Site.json().put("id", "run-" + number).put("branch", "main");
    run.putObject("commit")
        .put("hash", "0ee3f1c8a2b4d6e8f0a1b3c5d7e9f1a3b5c7d9e" + number)
        .put("message", number == 3 ? LONG + " " + LONG : "Add a subnet to zone " + number)
        .put("authorName", "Octo Cat")
        .put("url", "https://example.com/commit/" + number);
    run.put("triggeredBy", "octocat@example.com");
    site.api().post("/stacks/" + STACK + "/runs", run.toString()).expectingSuccess();
    List<String> moves = new ArrayList<>(STATES.subList(0, Math.min(STATES.size(), number + 1)));
    if (number == 1) {
      moves.add("FAILED");
    } else if (number == 5) {
      moves.add("FINISHED");
    }
    for (int i : IntStream.range(0, moves.size()).toArray()) {
      ObjectNode move = Site.json().put("state", moves.get(i)).put("stateVersion", i + 2);
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
      site.api()
          .post("/stacks/" + STACK + "/runs/run-" + number + "/transitions", move.toString())
          .expectingSuccess();
    }
  }

  private String statusOf(String webhook) throws IOException {
    return site.api()
        .get(pathOf(webhook))
        .expectingSuccess()
        .json()
        .path("status")
        .path("state")
        .asText();
  }

  private static String pathOf(String webhook) {
    return "/stacks/" + STACK + "/webhooks/" + webhook.substring(webhook.lastIndexOf('/') + 1);
  }
}
