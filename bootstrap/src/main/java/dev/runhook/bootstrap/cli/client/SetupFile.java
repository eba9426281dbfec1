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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The stacks, webhooks and tokens that a server should have, as a user has written them in YAML.
/// Fields that are left out have their defaults, except `enabled`, `secret` and `headers`, which
/// are then not managed.
///
/// @param accountWebhooks the webhooks of the account; null if they are not managed
/// @param tokens null if they are not managed
public record SetupFile(
    List<StackSetup> stacks,
    @Nullable List<WebhookSetup> accountWebhooks,
    @Nullable List<TokenSetup> tokens) {
  private static final AccountId ANY_ACCOUNT = new AccountId("any");
  private static final String WEBHOOKS = "webhooks";
  private static final String ACCOUNT_WEBHOOKS = "accountWebhooks";
  private static final String TOKENS = "tokens";
  static final Set<String> ROOT = Set.of("stacks", WEBHOOKS, ACCOUNT_WEBHOOKS, TOKENS);
  static final Set<String> STACK =
      Set.of("id", "name", "description", "labels", "url", "repository", WEBHOOKS);

  /// A stack with its webhooks.
  ///
  /// @param stack the body of a request that creates it
  public record StackSetup(String id, ObjectNode stack, List<WebhookSetup> webhooks) {}

  /// Reads and validates a file, with the secrets that it refers to.
  ///
  /// @throws ConfigurationException with all problems, if there are any
  public static SetupFile read(Path file, Map<String, String> environment) {
    SetupReader reader = new SetupReader(file, environment);
    SetupFile setup = parse(reader, reader.root());
    reader.requireNoProblem();
    return setup;
  }

  private static SetupFile parse(SetupReader reader, @Nullable JsonNode root) {
    if (root == null || !reader.requireObject("", root, ROOT)) {
      return new SetupFile(List.of(), null, null);
    }
    Set<String> endpoints = new HashSet<>();
    List<WebhookSetup> common =
        reader.items(
            "",
            root,
            WEBHOOKS,
            (at, webhook) ->
                WebhookSetup.parse(reader, at, webhook, WebhookSetup.FIELDS, endpoints));
    Set<String> accountEndpoints = new HashSet<>();
    List<WebhookSetup> accountWebhooks =
        reader.items(
            "",
            root,
            ACCOUNT_WEBHOOKS,
            (at, webhook) ->
                WebhookSetup.parse(
                    reader, at, webhook, WebhookSetup.ACCOUNT_FIELDS, accountEndpoints));
    Set<String> ids = new HashSet<>();
    List<StackSetup> stacks =
        reader.items("", root, "stacks", (at, stack) -> parse(reader, at, stack, ids, common));
    Set<String> names = new HashSet<>();
    List<TokenSetup> tokens =
        reader.items("", root, TOKENS, (at, token) -> TokenSetup.parse(reader, at, token, names));
    return new SetupFile(
        stacks,
        root.has(ACCOUNT_WEBHOOKS) ? accountWebhooks : null,
        root.has(TOKENS) ? tokens : null);
  }

  /// @param ids the ids of the stacks before this one
  /// @param common the webhooks of every stack
  private static Optional<StackSetup> parse(
      SetupReader reader, String at, JsonNode fields, Set<String> ids, List<WebhookSetup> common) {
    if (!reader.requireObject(at, fields, STACK)) {
      return Optional.empty();
    }
    String id = reader.requireUnique(at, fields, "id", ids);
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
    webhooks.addAll(
        reader.items(
            at,
            fields,
            WEBHOOKS,
            (path, webhook) ->
                WebhookSetup.parse(reader, path, webhook, WebhookSetup.FIELDS, endpoints)));
    return Optional.of(new StackSetup(id, body, List.copyOf(webhooks)));
  }
}
