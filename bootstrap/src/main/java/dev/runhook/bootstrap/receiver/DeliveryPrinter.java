package dev.runhook.bootstrap.receiver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.runhook.domain.diagnosis.Examination;
import dev.runhook.domain.diagnosis.Mistake;
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

  public synchronized void print(Received received, Reply reply) {
    out.println();
    out.printf(
        "#%d  %s  %s  (delivery %s, attempt %s)%n",
        received.number(),
        harmless(subject(received)),
        received.verification().summary(),
        harmless(received.header("X-Runhook-Delivery").orElse("?")),
        harmless(received.header("X-Runhook-Attempt").orElse("?")));
    received.examination().ifPresent(this::explain);
    if (!reply.remark().isEmpty()) {
      out.println("    answered " + reply.status() + ", " + harmless(reply.remark()));
    }
    out.println(
        indented(received.body())
            .lines()
            .map(DeliveryPrinter::harmless)
            .collect(Collectors.joining("\n")));
    out.flush();
  }

  private void explain(Examination examination) {
    if (examination.findings().isEmpty()) {
      out.println("    " + harmless(examination.sentence()));
    }
    for (Mistake mistake : examination.findings()) {
      out.println("    mistake  " + harmless(mistake.what()));
      out.println("    mend it  " + harmless(mistake.mend()));
    }
  }

  /// One line, without the control characters by which a sender could command the reader's
  /// terminal.
  private static String harmless(String text) {
    return text.replaceAll("[\\p{Cntrl}\u0080-\u009f]", "\ufffd");
  }

  private String subject(Received received) {
    try {
      JsonNode tree = json.readTree(received.body());
      if (!tree.hasNonNull("state")) {
        return received.header("X-Runhook-Event").orElse("(no event)");
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
