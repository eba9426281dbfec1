package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.run.StackRoutes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The stacks, webhooks and tokens that a server should have, as a user has written them in YAML.
/// Fields that are left out have their defaults, except `enabled`, `secret` and `headers`, which
/// are then not managed.
public final class SetupFile {
  private static final String ACCOUNT_WEBHOOKS = "accountWebhooks";
  private static final AccountId ANY_ACCOUNT = new AccountId("any");
  static final Set<String> ROOT = Set.of("stacks", "webhooks", ACCOUNT_WEBHOOKS, "tokens");
  static final Set<String> STACK =
      Set.of("id", "name", "description", "labels", "url", "repository", "webhooks");

  private final SetupReader reader;
  private final List<StackSetup> stacks = new ArrayList<>();

  /// The webhooks of every stack in the file.
  private final List<WebhookSetup> common = new ArrayList<>();

  private final List<TokenSetup> tokens = new ArrayList<>();
  private boolean managesTokens;
  private final List<WebhookSetup> accountWebhooks = new ArrayList<>();
  private boolean managesAccountWebhooks;

  /// A stack with its webhooks.
  ///
  /// @param stack the body of a request that creates it
  public record StackSetup(String id, ObjectNode stack, List<WebhookSetup> webhooks) {}

  private SetupFile(SetupReader reader) {
    this.reader = reader;
  }

  /// Reads and validates a file, with the secrets that it refers to.
  ///
  /// @throws ConfigurationException with all problems, if there are any
  public static SetupFile read(Path file, Map<String, String> environment) {
    SetupReader reader = new SetupReader(file, environment);
    SetupFile setup = new SetupFile(reader);
    setup.parse();
    reader.requireNoProblem();
    return setup;
  }

  public List<StackSetup> stacks() {
    return List.copyOf(stacks);
  }

  /// The webhooks of the account, or null if the file does not manage them.
  @Nullable List<WebhookSetup> accountWebhooks() {
    return managesAccountWebhooks ? List.copyOf(accountWebhooks) : null;
  }

  public List<TokenSetup> tokens() {
    return List.copyOf(tokens);
  }

  /// Returns whether the file says which tokens there are.
  boolean managesTokens() {
    return managesTokens;
  }

  private void parse() {
    JsonNode root = reader.root();
    if (root != null && reader.requireObject("", root, ROOT)) {
      parseWebhooks("", root, "webhooks", WebhookSetup.FIELDS, common, new HashSet<>());
      managesAccountWebhooks = root.has(ACCOUNT_WEBHOOKS);
      parseWebhooks(
          "",
          root,
          ACCOUNT_WEBHOOKS,
          WebhookSetup.ACCOUNT_FIELDS,
          accountWebhooks,
          new HashSet<>());
      Set<String> ids = new HashSet<>();
      int index = 0;
      for (JsonNode stack : reader.list("", root, "stacks")) {
        addStack("/stacks/" + index++, stack, ids);
      }
      managesTokens = root.has("tokens");
      Set<String> names = new HashSet<>();
      index = 0;
      for (JsonNode token : reader.list("", root, "tokens")) {
        TokenSetup.parse(reader, "/tokens/" + index++, token, names).ifPresent(tokens::add);
      }
    }
  }

  private void addStack(String at, JsonNode fields, Set<String> ids) {
    if (!reader.requireObject(at, fields, STACK)) {
      return;
    }
    String id = reader.requireText(at, fields, "id");
    if (!ids.add(id)) {
      reader.addProblem(at + "/id: \"" + id + "\" occurs twice");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", fields.path("name").asText(id));
    body.put("description", fields.path("description").asText(""));
    reader.list(at, fields, "labels").forEach(body.putArray("labels")::add);
    body.put("url", SetupReader.text(fields, "url"));
    body.put("repository", SetupReader.text(fields, "repository"));
    reader.validate(at, body, json -> StackRoutes.parse(json, new StackId(ANY_ACCOUNT, id)));
    List<WebhookSetup> webhooks = new ArrayList<>(common);
    Set<String> endpoints = new HashSet<>();
    common.forEach(webhook -> endpoints.add(webhook.endpoint()));
    parseWebhooks(at, fields, "webhooks", WebhookSetup.FIELDS, webhooks, endpoints);
    stacks.add(new StackSetup(id, body, List.copyOf(webhooks)));
  }

  private void parseWebhooks(
      String at,
      JsonNode parent,
      String name,
      Set<String> known,
      List<WebhookSetup> webhooks,
      Set<String> endpoints) {
    int index = 0;
    for (JsonNode webhook : reader.list(at, parent, name)) {
      WebhookSetup.parse(reader, at + "/" + name + "/" + index++, webhook, known, endpoints)
          .ifPresent(webhooks::add);
    }
  }
}
