package dev.runhook.bootstrap.receiver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.TreeMap;

/// Prints deliveries for programs: one line of JSON each. Thread-safe.
public final class JsonDeliveryPrinter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;

  public JsonDeliveryPrinter(PrintWriter out) {
    this.out = out;
  }

  public synchronized void print(
      ReceivedDelivery receivedDelivery, DeliveryResponse deliveryResponse) {
    out.println(line(receivedDelivery, deliveryResponse));
    out.flush();
  }

  private static ObjectNode line(
      ReceivedDelivery receivedDelivery, DeliveryResponse deliveryResponse) {
    JsonNode body = body(receivedDelivery);
    ObjectNode line = JSON.createObjectNode();
    line.put("number", receivedDelivery.number());
    line.put("verified", receivedDelivery.verification().isVerified());
    line.put("summary", receivedDelivery.verification().summary());
    receivedDelivery
        .diagnosis()
        .ifPresent(diagnosis -> line.set("examination", DiagnosisPrinter.json(diagnosis)));
    line.put("event", receivedDelivery.findHeader("X-Runhook-Event").orElse(null));
    line.put("delivery", receivedDelivery.findHeader("X-Runhook-Delivery").orElse(null));
    line.put("attempt", receivedDelivery.findHeader("X-Runhook-Attempt").orElse(null));
    line.set("state", body.path("state"));
    line.set("stateVersion", body.path("stateVersion"));
    line.set("run", body.path("run").path("id"));
    line.set("stack", body.path("stack").path("id"));
    line.put("answered", deliveryResponse.status());
    line.put("remark", deliveryResponse.detail());
    line.set("headers", JSON.valueToTree(new TreeMap<>(receivedDelivery.headers())));
    line.set("body", body);
    return line;
  }

  /// The body as JSON, or as a text where it is none.
  private static JsonNode body(ReceivedDelivery receivedDelivery) {
    try {
      JsonNode body = JSON.readTree(receivedDelivery.body());
      return body.isMissingNode() ? JSON.getNodeFactory().textNode("") : body;
    } catch (JsonProcessingException _) {
      return JSON.getNodeFactory().textNode(receivedDelivery.body());
    }
  }
}
