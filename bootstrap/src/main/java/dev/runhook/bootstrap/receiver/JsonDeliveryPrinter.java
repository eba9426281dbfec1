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

  public synchronized void print(Received received, Reply reply) {
    out.println(line(received, reply));
    out.flush();
  }

  private static ObjectNode line(Received received, Reply reply) {
    JsonNode body = body(received);
    ObjectNode line = JSON.createObjectNode();
    line.put("number", received.number());
    line.put("verified", received.verification().isVerified());
    line.put("summary", received.verification().summary());
    received
        .examination()
        .ifPresent(examination -> line.set("examination", ExaminationPrinter.json(examination)));
    line.put("event", received.header("X-Runhook-Event").orElse(null));
    line.put("delivery", received.header("X-Runhook-Delivery").orElse(null));
    line.put("attempt", received.header("X-Runhook-Attempt").orElse(null));
    line.set("state", body.path("state"));
    line.set("stateVersion", body.path("stateVersion"));
    line.set("run", body.path("run").path("id"));
    line.set("stack", body.path("stack").path("id"));
    line.put("answered", reply.status());
    line.put("remark", reply.remark());
    line.set("headers", JSON.valueToTree(new TreeMap<>(received.headers())));
    line.set("body", body);
    return line;
  }

  /// The body as JSON, or as a text where it is none.
  private static JsonNode body(Received received) {
    try {
      JsonNode body = JSON.readTree(received.body());
      return body.isMissingNode() ? JSON.getNodeFactory().textNode("") : body;
    } catch (JsonProcessingException _) {
      return JSON.getNodeFactory().textNode(received.body());
    }
  }
}
