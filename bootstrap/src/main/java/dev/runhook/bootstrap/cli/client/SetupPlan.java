package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.client.SetupFile.StackSetup;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DataDirectory;
import dev.runhook.client.RunhookClient;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.setting.WebhookSetting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The changes that make a server as a [SetupFile] describes it. Applying them again changes
/// nothing.
public final class SetupPlan {
  private static final int ALL = Integer.MAX_VALUE;

  private final RunhookClient client;
  private final List<Change> changes = new ArrayList<>();

  /// A request, and what it does for users. The line contains no secrets.
  ///
  /// @param secretFile the file for the token in the response; null if there is none
  public record Change(
      String line,
      String method,
      ApiPath path,
      @Nullable JsonNode body,
      @Nullable Path secretFile) {
    /// Returns the line without the fields that change.
    public String title() {
      return line.lines().findFirst().orElse("");
    }

    /// Sends the request.
    ///
    /// @return warnings for users
    public List<String> make(RunhookClient client) {
      JsonNode response = client.call(method, path.text(), body);
      if (secretFile != null) {
        store(response, secretFile, client);
      }
      return response.path("warnings").valueStream().map(JsonNode::asText).toList();
    }

    /// A token whose secret cannot be stored would be useless.
    private static void store(JsonNode token, Path secretFile, RunhookClient client) {
      try {
        DataDirectory.writeSecret(secretFile, token.path("token").asText());
      } catch (IOException _) {
        client.call("DELETE", ApiPath.of("tokens", token.path("id").asText()).text(), null);
        throw new ConfigurationException(
            secretFile + " cannot be written, so the new token was revoked");
      }
    }

    @Override
    public String toString() {
      return line;
    }
  }

  /// A stack or the account.
  ///
  /// @param label begins the lines about its webhooks
  private record Owner(String label, ApiPath webhooks) {
    /// Leaves out the query of the endpoint, which may contain a key.
    String nameOf(String endpoint) {
      return label + " " + endpoint.replaceFirst("[?#].*", "");
    }

    ApiPath pathOf(JsonNode webhook) {
      return webhooks.then(webhook.path("id").asText());
    }
  }

  private SetupPlan(RunhookClient client) {
    this.client = client;
  }

  /// Compares the file with the server.
  ///
  /// @param prune whether to delete webhooks of the stacks in the file, and account webhooks and
  ///   tokens if it has any, that it does not contain
  public static List<Change> of(SetupFile file, RunhookClient client, boolean prune) {
    SetupPlan plan = new SetupPlan(client);
    plan.compare(file, prune);
    return List.copyOf(plan.changes);
  }

  private void compare(SetupFile file, boolean prune) {
    Map<String, JsonNode> stacks = new HashMap<>();
    client.list("/stacks", ALL).forEach(stack -> stacks.put(stack.path("id").asText(), stack));
    Map<String, List<JsonNode>> webhooks = new HashMap<>();
    for (JsonNode webhook : client.list("/webhooks", ALL)) {
      if (!webhook.hasNonNull("accountWebhook")) {
        webhooks
            .computeIfAbsent(webhook.path("stack").asText(), _ -> new ArrayList<>())
            .add(webhook);
      }
    }
    for (StackSetup stack : file.stacks()) {
      compare(stack, stacks.get(stack.id()));
      Owner owner =
          new Owner("webhook " + stack.id(), ApiPath.of("stacks", stack.id(), "webhooks"));
      compare(owner, stack.webhooks(), webhooks.getOrDefault(stack.id(), List.of()), prune);
    }
    List<WebhookSetup> accountWebhooks = file.accountWebhooks();
    if (accountWebhooks != null) {
      ApiPath path = ApiPath.of("account-webhooks");
      Owner owner = new Owner("account webhook", path);
      compare(owner, accountWebhooks, client.list(path.text(), ALL), prune);
    }
    List<TokenSetup> tokens = file.tokens();
    if (tokens != null) {
      compareTokens(tokens, prune);
    }
  }

  /// The permissions of a token cannot change, so a new one replaces it. The token of this client
  /// is never revoked.
  private void compareTokens(List<TokenSetup> wanted, boolean prune) {
    String own = call(ApiPath.of("session")).path("token").asText();
    Map<String, List<JsonNode>> active = new TreeMap<>();
    for (JsonNode token : client.list("/tokens", ALL)) {
      if (isActive(token) && !token.path("id").asText().equals(own)) {
        active.computeIfAbsent(token.path("name").asText(), _ -> new ArrayList<>()).add(token);
      }
    }
    for (TokenSetup each : wanted) {
      List<JsonNode> existing = new ArrayList<>(active.getOrDefault(each.name(), List.of()));
      active.remove(each.name());
      if (!existing.removeIf(each::matches)) {
        String line =
            "+ %s (%s) in %s"
                .formatted(each, TokenSetup.permissions(each.token()), each.secretFile());
        changes.add(
            new Change(line, "POST", ApiPath.of("tokens"), each.token(), each.secretFile()));
      }
      existing.forEach(this::revoke);
    }
    if (prune) {
      active.values().forEach(tokens -> tokens.forEach(this::revoke));
    }
  }

  private static boolean isActive(JsonNode token) {
    return !token.hasNonNull("revokedAt")
        && (!token.hasNonNull("expiresAt")
            || Instant.parse(token.path("expiresAt").asText()).isAfter(Instant.now()));
  }

  private void revoke(JsonNode token) {
    add(
        "- token %s (%s)".formatted(token.path("name").asText(), TokenSetup.permissions(token)),
        "DELETE",
        ApiPath.of("tokens", token.path("id").asText()),
        null);
  }

  private void compare(StackSetup wanted, @Nullable JsonNode stack) {
    String changed = stack == null ? "" : differences(wanted.stack(), stack);
    if (stack == null || !changed.isEmpty()) {
      String line = (stack == null ? "+ stack " : "~ stack ") + wanted.id() + changed;
      add(line, "PUT", ApiPath.of("stacks", wanted.id()), wanted.stack());
    }
  }

  private void compare(
      Owner owner, List<WebhookSetup> webhooks, List<JsonNode> existing, boolean prune) {
    Map<String, JsonNode> byEndpoint = new TreeMap<>();
    List<JsonNode> others = new ArrayList<>();
    for (JsonNode webhook : existing) {
      if (byEndpoint.putIfAbsent(webhook.path("endpoint").asText(), webhook) != null) {
        others.add(webhook); // account webhooks may have the same endpoint
      }
    }
    for (WebhookSetup wanted : webhooks) {
      JsonNode webhook = byEndpoint.remove(storedEndpoint(wanted, byEndpoint));
      if (webhook == null) {
        add("+ " + owner.nameOf(wanted.endpoint()), "POST", owner.webhooks(), wanted.newWebhook());
      } else {
        update(owner, wanted, webhook);
      }
    }
    if (prune) {
      others.addAll(0, byEndpoint.values());
      for (JsonNode webhook : others) {
        String name = owner.nameOf(webhook.path("endpoint").asText());
        add("- " + name, "DELETE", owner.pathOf(webhook), null);
      }
    }
  }

  /// Returns the endpoint of the webhook with the same external ID, or the wanted one.
  private static String storedEndpoint(WebhookSetup wanted, Map<String, JsonNode> byEndpoint) {
    JsonNode externalId = wanted.webhook().path(WebhookSetting.EXTERNAL_ID.name());
    return byEndpoint.entrySet().stream()
        .filter(ignored -> !externalId.asText().isEmpty())
        .filter(webhook ->
            webhook.getValue().path(WebhookSetting.EXTERNAL_ID.name()).equals(externalId))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(wanted.endpoint());
  }

  private void update(Owner owner, WebhookSetup wanted, JsonNode webhook) {
    ApiPath path = owner.pathOf(webhook);
    String changed = differences(wanted.webhook(), webhook);
    ObjectNode body = wanted.webhook().deepCopy();
    if (wanted.headers() != null
        && !call(path.then("headers")).path("headers").equals(wanted.headers())) {
      changed += "\n    headers";
      body.set("headers", wanted.headers());
    }
    boolean rotates =
        wanted.secret() != null
            && !call(path.then("secret")).path("secret").asText().equals(wanted.secret());
    if (rotates && isPagerDuty(wanted.webhook()) != isPagerDuty(webhook)) {
      changed += "\n    secret, without an overlap";
      body.put("secret", wanted.secret());
      rotates = false;
    }
    String title = "~ " + owner.nameOf(wanted.endpoint());
    if (!changed.isEmpty()) {
      add(title + changed, "PATCH", path, body);
    }
    if (rotates) {
      ObjectNode secret = JsonNodeFactory.instance.objectNode().put("secret", wanted.secret());
      add(title + "\n    secret, with an overlap of 24 h", "POST", path.then("secret"), secret);
    }
  }

  private void add(String line, String method, ApiPath path, @Nullable JsonNode body) {
    changes.add(new Change(line, method, path, body, null));
  }

  /// The secret is a routing key if and only if the webhook has this format.
  private static boolean isPagerDuty(JsonNode webhook) {
    return webhook.path("format").asText().equals(Format.PAGERDUTY.wireName());
  }

  private JsonNode call(ApiPath path) {
    return client.call("GET", path.text(), null);
  }

  /// Returns a line for each field that differs, or an empty string.
  private static String differences(ObjectNode wanted, JsonNode current) {
    StringBuilder text = new StringBuilder();
    wanted
        .properties()
        .forEach(field -> {
          JsonNode now = current.path(field.getKey());
          if (!now.equals(field.getValue())) {
            text.append("\n    %s: %s -> %s".formatted(field.getKey(), now, field.getValue()));
          }
        });
    return text.toString();
  }
}
