package dev.runhook.bootstrap.receiver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.TreeMap;

/// Prints each delivery as one line of JSON. Thread-safe.
public final class JsonDeliveryPrinter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;

  public JsonDeliveryPrinter(PrintWriter out) {
    this.out = out;
  }

  public synchronized void print(ReceivedDelivery delivery, DeliveryResponse response) {
    out.println(line(delivery, response));
    out.flush();
  }

  private static ObjectNode line(ReceivedDelivery delivery, DeliveryResponse response) {
    JsonNode body = body(delivery);
    ObjectNode line = JSON.createObjectNode();
    line.put("number", delivery.number());
    line.put("verified", delivery.verification().isVerified());
    line.put("summary", delivery.verification().summary());
    delivery
        .diagnosis()
        .ifPresent(diagnosis -> line.set("diagnosis", DiagnosisPrinter.json(diagnosis)));
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

  /// Returns the body as JSON, or as text if it is not JSON.
  private static JsonNode body(ReceivedDelivery delivery) {
    try {
      JsonNode body = JSON.readTree(delivery.body());
      return body.isMissingNode() ? JSON.getNodeFactory().textNode("") : body;
    } catch (JsonProcessingException _) {
      return JSON.getNodeFactory().textNode(delivery.body());
    }
  }
}
