package dev.runhook.bootstrap.receiver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.domain.diagnosis.SignatureMistake;
import java.io.PrintWriter;
import java.util.stream.Collectors;

/// Prints deliveries for people: a line that says what it is and whether it is verified, why not
/// and what was answered where that is not plain, then its JSON, indented. Thread-safe.
public final class DeliveryPrinter {
  private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private final PrintWriter out;

  public DeliveryPrinter(PrintWriter out) {
    this.out = out;
  }

  public synchronized void print(
      ReceivedDelivery receivedDelivery, DeliveryResponse deliveryResponse) {
    out.println();
    out.printf(
        "#%d  %s  %s  (delivery %s, attempt %s)%n",
        receivedDelivery.number(),
        harmless(subject(receivedDelivery)),
        receivedDelivery.verification().summary(),
        harmless(receivedDelivery.findHeader("X-Runhook-Delivery").orElse("?")),
        harmless(receivedDelivery.findHeader("X-Runhook-Attempt").orElse("?")));
    receivedDelivery.diagnosis().ifPresent(this::explain);
    if (!deliveryResponse.detail().isEmpty()) {
      out.println(
          "    answered " + deliveryResponse.status() + ", " + harmless(deliveryResponse.detail()));
    }
    out.println(
        indented(receivedDelivery.body())
            .lines()
            .map(DeliveryPrinter::harmless)
            .collect(Collectors.joining("\n")));
    out.flush();
  }

  private void explain(Diagnosis diagnosis) {
    if (diagnosis.causes().isEmpty()) {
      out.println("    " + harmless(diagnosis.message()));
    }
    for (SignatureMistake signatureMistake : diagnosis.causes()) {
      out.println("    mistake  " + harmless(signatureMistake.description()));
      out.println("    mend it  " + harmless(signatureMistake.fix()));
    }
  }

  /// One line, without the control characters by which a sender could command the reader's
  /// terminal.
  private static String harmless(String text) {
    return text.replaceAll("[\\p{Cntrl}\u0080-\u009f]", "\ufffd");
  }

  private String subject(ReceivedDelivery receivedDelivery) {
    try {
      JsonNode tree = json.readTree(receivedDelivery.body());
      if (!tree.hasNonNull("state")) {
        return receivedDelivery.findHeader("X-Runhook-Event").orElse("(no event)");
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
