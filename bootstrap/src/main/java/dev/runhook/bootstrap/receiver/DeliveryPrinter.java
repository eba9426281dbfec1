package dev.runhook.bootstrap.receiver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.domain.diagnosis.SignatureMistake;
import java.io.PrintWriter;
import java.util.stream.Collectors;

/// Prints deliveries for users: a line with the subject and the result of the verification, the
/// diagnosis and the response if they are notable, and the indented JSON. Thread-safe.
public final class DeliveryPrinter {
  private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private final PrintWriter out;

  public DeliveryPrinter(PrintWriter out) {
    this.out = out;
  }

  public synchronized void print(ReceivedDelivery delivery, DeliveryResponse response) {
    out.println();
    out.printf(
        "#%d  %s  %s  (delivery %s, attempt %s)%n",
        delivery.number(),
        printable(subject(delivery)),
        delivery.verification().summary(),
        printable(delivery.findHeader("X-Runhook-Delivery").orElse("?")),
        printable(delivery.findHeader("X-Runhook-Attempt").orElse("?")));
    delivery.diagnosis().ifPresent(this::explain);
    if (!response.detail().isEmpty()) {
      out.println("    responded with " + response.status() + ", " + printable(response.detail()));
    }
    out.println(
        indented(delivery.body())
            .lines()
            .map(DeliveryPrinter::printable)
            .collect(Collectors.joining("\n")));
    out.flush();
  }

  private void explain(Diagnosis diagnosis) {
    if (diagnosis.causes().isEmpty()) {
      out.println("    " + printable(diagnosis.message()));
    }
    for (SignatureMistake cause : diagnosis.causes()) {
      out.println("    cause  " + printable(cause.description()));
      out.println("    fix    " + printable(cause.fix()));
    }
  }

  /// Replaces line breaks and control characters, with which a sender could control the terminal.
  private static String printable(String text) {
    return text.replaceAll("[\\p{Cntrl}\u0080-\u009f]", "\ufffd");
  }

  private String subject(ReceivedDelivery delivery) {
    try {
      JsonNode tree = json.readTree(delivery.body());
      if (!tree.hasNonNull("state")) {
        return delivery.findHeader("X-Runhook-Event").orElse("(no event)");
      }
      return "%s v%s of run %s on %s"
          .formatted(
              tree.path("state").asText(),
              tree.path("stateVersion").asText(),
              tree.path("run").path("id").asText(),
              tree.path("stack").path("id").asText());
    } catch (JsonProcessingException _) {
      return "(not JSON)";
    }
  }

  private String indented(String body) {
    try {
      return json.writeValueAsString(json.readTree(body)).indent(4).stripTrailing();
    } catch (JsonProcessingException _) {
      return body.indent(4).stripTrailing();
    }
  }
}
