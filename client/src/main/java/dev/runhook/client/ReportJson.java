package dev.runhook.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.WebhookSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Encodes requests as the HTTP API describes them. Absent values are left out.
final class ReportJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReportJson() {}

  static byte[] encode(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns a missing node if the bytes are not JSON.
  static JsonNode decode(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException ignored) {
      return MAPPER.missingNode();
    }
  }

  static ObjectNode stack(Stack stack) {
    ObjectNode json = object().put("name", stack.name()).put("description", stack.description());
    json.set("labels", texts(stack.labels()));
    put(json, "url", stack.url());
    put(json, "repository", stack.repository());
    return json;
  }

  static ObjectNode newRun(NewRun run) {
    RunDetails details = run.details();
    ObjectNode json = report(run.firstReport());
    json.put("id", run.firstReport().run().name())
        .put("type", details.type().name())
        .put("branch", details.branch())
        .set("commit", commit(details.commit()));
    put(json, "triggeredBy", details.triggeredBy());
    put(json, "url", details.url());
    put(json, "command", details.command());
    put(json, "createdAt", run.createdAt().map(Instant::toString));
    details.driftDetection().ifPresent(flag -> json.put("driftDetection", flag));
    return json;
  }

  static ObjectNode report(TransitionReport report) {
    ObjectNode json = object().put("state", report.state().name());
    report.version().ifPresent(version -> json.put("stateVersion", version));
    put(json, "timestamp", report.occurredAt().map(Instant::toString));
    put(json, "note", report.note());
    report.delta().ifPresent(delta -> json.set("delta", delta(delta)));
    report.changes().ifPresent(changes -> put(json, changes));
    return json;
  }

  static ArrayNode reports(List<TransitionReport> reports) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode(reports.size());
    for (TransitionReport report : reports) {
      json.add(
          report(report).put("stack", report.run().stack().slug()).put("run", report.run().name()));
    }
    return json;
  }

  static ObjectNode webhook(CreateWebhookRequest webhook) {
    WebhookSettings settings = webhook.settings(WebhookSetting.DEFAULTS.endpoint());
    ObjectNode json = MAPPER.valueToTree(WebhookSetting.writeChosen(settings));
    json.put("endpoint", webhook.endpoint()).put("enabled", webhook.enabled());
    put(json, "secret", webhook.secret().map(SigningSecret::reveal));
    ObjectNode headers = json.putObject("headers");
    webhook.headers().headers().forEach(header -> headers.put(header.name(), header.value()));
    return json;
  }

  private static ObjectNode commit(Commit commit) {
    ObjectNode json =
        object()
            .put("hash", commit.hash())
            .put("message", commit.message())
            .put("authorName", commit.authorName());
    put(json, "authorLogin", commit.authorLogin());
    put(json, "timestamp", commit.timestamp().map(Instant::toString));
    put(json, "url", commit.url());
    return json;
  }

  private static ObjectNode delta(Delta delta) {
    return object()
        .put("added", delta.added())
        .put("changed", delta.changed())
        .put("deleted", delta.deleted())
        .put("resources", delta.resources());
  }

  private static void put(ObjectNode json, ResourceChanges changes) {
    ArrayNode items = json.putArray("changes");
    changes
        .items()
        .forEach(item ->
            items
                .addObject()
                .put("address", item.address())
                .put("type", item.type())
                .put("action", item.action().wireName()));
    if (changes.truncated()) {
      json.put("changesTruncated", true);
    }
  }

  private static ArrayNode texts(Collection<String> texts) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode(texts.size());
    texts.forEach(json::add);
    return json;
  }

  private static void put(ObjectNode json, String name, Optional<String> value) {
    value.ifPresent(text -> json.put(name, text));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
