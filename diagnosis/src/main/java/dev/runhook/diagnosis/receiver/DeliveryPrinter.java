package dev.runhook.diagnosis.receiver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.Diagnosis;
import dev.runhook.diagnosis.DiagnosisJson;
import dev.runhook.diagnosis.SignatureMistake;
import dev.runhook.domain.text.Printable;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Prints deliveries as text or JSON. In text, escapes what could add a line or control the
/// terminal. Thread-safe.
public final class DeliveryPrinter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;

  public DeliveryPrinter(PrintWriter out) {
    this.out = out;
  }

  /// Prints a line with the subject and the result of the verification, the diagnosis and the
  /// response if they are notable, and the indented JSON unless it is a duplicate.
  public synchronized void print(ReceivedDelivery delivery, DeliveryResponse response) {
    out.println();
    out.printf(
        "#%d  %s  %s  (delivery %s, attempt %s)%n",
        delivery.number(),
        Printable.escape(subject(delivery)),
        delivery.verification().summary(),
        Printable.escape(delivery.findHeader("X-Runhook-Delivery").orElse("?")),
        Printable.escape(delivery.findHeader("X-Runhook-Attempt").orElse("?")));
    delivery.diagnosis().ifPresent(this::explain);
    delivery
        .duplicateOf()
        .ifPresent(first -> out.println("    duplicate of #" + first + ": the same webhook-id"));
    if (!response.detail().isEmpty()) {
      out.println(
          "    responded with " + response.status() + ", " + Printable.escape(response.detail()));
    }
    if (delivery.duplicateOf().isEmpty()) {
      out.println(
          indented(delivery.body())
              .lines()
              .map(Printable::escape)
              .collect(Collectors.joining("\n")));
    }
    out.flush();
  }

  /// Prints the delivery as one line of JSON.
  public synchronized void printJson(ReceivedDelivery delivery, DeliveryResponse response) {
    out.println(line(delivery, response));
    out.flush();
  }

  private void explain(Diagnosis diagnosis) {
    if (diagnosis.causes().isEmpty()) {
      out.println("    " + Printable.escape(diagnosis.message()));
    }
    for (SignatureMistake cause : diagnosis.causes()) {
      out.println("    cause  " + Printable.escape(cause.description()));
      out.println("    fix    " + Printable.escape(cause.fix()));
    }
  }

  private static String subject(ReceivedDelivery delivery) {
    Optional<JsonNode> json = parse(delivery.body());
    if (json.isEmpty()) {
      return "(not JSON)";
    }
    JsonNode body = json.get();
    String stack = body.at("/stack/id").asText();
    if (body.hasNonNull("state")) {
      return "%s v%s of run %s on %s"
          .formatted(
              body.path("state").asText(),
              body.path("stateVersion").asText(),
              body.at("/run/id").asText(),
              stack);
    }
    String event = delivery.findHeader("X-Runhook-Event").orElse("(no event)");
    return body.hasNonNull("details")
        ? "%s: webhook %s on %s".formatted(event, body.at("/webhook/id").asText(), stack)
        : event;
  }

  private static String indented(String body) {
    return parse(body).map(JsonNode::toPrettyString).orElse(body).indent(4).stripTrailing();
  }

  private static ObjectNode line(ReceivedDelivery delivery, DeliveryResponse response) {
    JsonNode body =
        parse(delivery.body())
            .filter(json -> !json.isMissingNode())
            .orElseGet(() -> JSON.getNodeFactory().textNode(delivery.body()));
    ObjectNode line = JSON.createObjectNode();
    line.put("number", delivery.number());
    line.put("verified", delivery.verification().isVerified());
    line.put("summary", delivery.verification().summary());
    delivery.diagnosis().ifPresent(diagnosis -> line.set("diagnosis", DiagnosisJson.of(diagnosis)));
    line.put("duplicateOf", delivery.duplicateOf().orElse(null));
    line.put("event", delivery.findHeader("X-Runhook-Event").orElse(null));
    line.put("delivery", delivery.findHeader("X-Runhook-Delivery").orElse(null));
    line.put("attempt", delivery.findHeader("X-Runhook-Attempt").orElse(null));
    line.set("state", body.path("state"));
    line.set("stateVersion", body.path("stateVersion"));
    line.set("run", body.path("run").path("id"));
    line.set("stack", body.path("stack").path("id"));
    line.put("status", response.status());
    line.put("detail", response.detail());
    line.set("headers", JSON.valueToTree(new TreeMap<>(delivery.headers())));
    line.set("body", body);
    return line;
  }

  /// Returns an empty optional for text that is not JSON.
  private static Optional<JsonNode> parse(String body) {
    try {
      return Optional.of(JSON.readTree(body));
    } catch (JsonProcessingException ignored) {
      return Optional.empty();
    }
  }
}
