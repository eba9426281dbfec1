package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.client.ApiProblemException;
import dev.runhook.client.RunhookClient;
import dev.runhook.domain.setting.WebhookSetting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The stacks and webhooks of a server as a [SetupFile]: applying it changes nothing. What has its
/// default is left out, and so are secrets, the values of headers, and tokens.
///
/// @param file the file
/// @param warnings what it does not describe, as sentences for users
public record SetupExport(ObjectNode file, List<String> warnings) {
  private static final int ALL = Integer.MAX_VALUE;
  private static final ObjectNode DEFAULTS =
      new ObjectMapper().valueToTree(WebhookSetting.write(WebhookSetting.DEFAULTS));

  /// Reads what the token of the client may see.
  public static SetupExport of(RunhookClient client) {
    List<String> warnings = new ArrayList<>();
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    List<JsonNode> accountWebhooks = listAccountWebhooks(client, warnings);
    if (!accountWebhooks.isEmpty()) {
      addWebhooks(file.putArray("accountWebhooks"), accountWebhooks, warnings);
    }
    Map<String, List<JsonNode>> webhooks = new HashMap<>();
    for (JsonNode webhook : client.list("/webhooks", ALL)) {
      if (!webhook.hasNonNull("accountWebhook")) {
        webhooks
            .computeIfAbsent(webhook.path("stack").asText(), _ -> new ArrayList<>())
            .add(webhook);
      }
    }
    ArrayNode stacks = file.putArray("stacks");
    for (JsonNode stack : client.list("/stacks", ALL)) {
      ObjectNode exported = exportStack(stack);
      List<JsonNode> own = webhooks.get(stack.path("id").asText());
      if (own != null) {
        addWebhooks(exported.putArray("webhooks"), own, warnings);
      }
      stacks.add(exported);
    }
    return new SetupExport(file, List.copyOf(warnings));
  }

  private static List<JsonNode> listAccountWebhooks(RunhookClient client, List<String> warnings) {
    try {
      return client.list("/account-webhooks", ALL);
    } catch (ApiProblemException e) {
      if (e.problem().status() != 403) {
        throw e;
      }
      warnings.add("left out: account webhooks, which a token for certain stacks may not read");
      return List.of();
    }
  }

  private static ObjectNode exportStack(JsonNode stack) {
    ObjectNode exported = JsonNodeFactory.instance.objectNode();
    String id = stack.path("id").asText();
    exported.put("id", id);
    for (String field : List.of("name", "description", "labels", "url", "repository")) {
      JsonNode value = stack.path(field);
      boolean isDefault =
          value.isNull()
              || value.isMissingNode()
              || (value.isArray() ? value.isEmpty() : value.asText().isEmpty())
              || (field.equals("name") && value.asText().equals(id));
      if (!isDefault) {
        exported.set(field, value);
      }
    }
    return exported;
  }

  private static void addWebhooks(ArrayNode array, List<JsonNode> webhooks, List<String> warnings) {
    Set<String> endpoints = new HashSet<>();
    for (JsonNode webhook : webhooks) {
      String endpoint = webhook.path("endpoint").asText();
      if (endpoints.add(endpoint)) {
        array.add(exportWebhook(webhook));
      } else {
        warnings.add("left out: another account webhook with the endpoint " + endpoint);
      }
    }
  }

  private static ObjectNode exportWebhook(JsonNode webhook) {
    ObjectNode exported = JsonNodeFactory.instance.objectNode();
    if (webhook.has("selector")) {
      exported.set("selector", webhook.get("selector"));
    }
    exported.set("endpoint", webhook.get("endpoint"));
    for (WebhookSetting<?> setting : WebhookSetting.ALL) {
      JsonNode value = webhook.path(setting.name());
      if (!value.isNull() && !value.equals(DEFAULTS.path(setting.name()))) {
        exported.set(setting.name(), value);
      }
    }
    if (!webhook.path("enabled").asBoolean(true)) {
      exported.put("enabled", false);
    }
    return exported;
  }
}
