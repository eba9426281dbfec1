package dev.runhook.diagnosis.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.event.Payload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryPrinterTest {
  @Test
  void a_state_change_is_printed_as_a_line_and_its_json() {
    String body =
        "{\"account\":\"acme\",\"state\":\"FINISHED\",\"stateVersion\":4,\"run\":{\"id\":\"run-1\"},\"stack\":{\"id\":\"demo\"}}";

    String printed = print(received(3, headers("run_state_changed"), body, Verification.VERIFIED));

    assertThat(printed.strip().lines())
        .first()
        .isEqualTo(
            "#3  FINISHED v4 of run run-1 on demo  signature verified  (delivery d-1, attempt 2)");
    assertThat(printed).contains("\n      \"state\" : \"FINISHED\",\n");
  }

  @Test
  void a_ping_is_printed_with_its_name() {
    String printed =
        print(received(1, headers("ping"), "{\"event\":\"ping\"}", Verification.VERIFIED));

    assertThat(printed).contains("#1  ping  signature verified");
  }

  @Test
  void an_operational_event_is_printed_with_its_webhook() {
    String body =
        "{\"event\":\"webhook_paused\",\"stack\":{\"id\":\"demo\"},\"webhook\":{\"id\":\"w-1\"},\"details\":{}}";

    String printed = print(received(1, headers("webhook_paused"), body, Verification.VERIFIED));

    assertThat(printed).contains("#1  webhook_paused: webhook w-1 on demo  signature verified");
  }

  @Test
  void an_unverified_delivery_is_marked() {
    Verification invalid = new Verification("X-Signature", "does not match", List.of());

    assertThat(print(received(1, headers("ping"), "{}", invalid)))
        .contains("NOT verified: X-Signature does not match");
  }

  @Test
  void a_duplicate_is_marked_and_its_body_is_not_printed_again() {
    ReceivedDelivery duplicate =
        new ReceivedDelivery(
            4,
            headers("ping"),
            Payload.of("{}"),
            Verification.VERIFIED,
            Optional.empty(),
            Optional.of(2));

    assertThat(print(duplicate).strip())
        .endsWith("    duplicate of #2: the same webhook-id")
        .startsWith("#4  ping  signature verified");
  }

  @Test
  void a_body_that_is_not_json_is_printed_unchanged() {
    assertThat(print(received(1, Map.of(), "state=FINISHED", Verification.VERIFIED)))
        .contains("#1  (not JSON)  signature verified  (delivery ?, attempt ?)")
        .contains("state=FINISHED");
  }

  @Test
  void an_empty_body_is_printed_too() {
    assertThat(print(received(1, Map.of(), "", Verification.VERIFIED))).contains("#1  (no event)");
  }

  @Test
  void a_sender_cannot_control_the_terminal() {
    String escape = "\u001b[2J";
    String inJson = "{\"state\":\"\\u001b[2J\",\"stateVersion\":1}";

    assertThat(
            print(
                received(
                    1, Map.of("x-runhook-delivery", "\u009b2J"), escape, Verification.VERIFIED)))
        .doesNotContain("\u001b", "\u009b");
    assertThat(print(received(1, Map.of(), inJson, Verification.VERIFIED)))
        .doesNotContain("\u001b");
  }

  @Test
  void a_sender_cannot_hide_or_reorder_text() {
    String body = "{\"state\":\"a\u202eb\u2066c\u200bd\u2028e\"}";

    assertThat(print(received(1, Map.of(), body, Verification.VERIFIED)))
        .contains("#1  a\\u202eb\\u2066c\\u200bd\\u2028e v of run", ": \"a\\u202eb\\u2066c");
    assertThat(print(received(1, Map.of(), "a\u202eb", Verification.VERIFIED)))
        .contains("    a\\u202eb");
  }

  @Test
  void a_sender_cannot_forge_lines() {
    String line = "#2  FINISHED v1 of run r on s  signature verified";
    String inJson = "{\"state\":\"x\\n" + line + "\"}";

    assertThat(print(received(1, Map.of(), "\n" + line, Verification.VERIFIED)).lines())
        .doesNotContain(line);
    assertThat(print(received(1, Map.of(), inJson, Verification.VERIFIED)).lines())
        .noneMatch(printed -> printed.startsWith("#2"));
  }

  private static Map<String, String> headers(String event) {
    return Map.of("x-runhook-event", event, "x-runhook-delivery", "d-1", "x-runhook-attempt", "2");
  }

  private static ReceivedDelivery received(
      int number, Map<String, String> headers, String body, Verification verification) {
    return new ReceivedDelivery(
        number, headers, Payload.of(body), verification, Optional.empty(), Optional.empty());
  }

  private static String print(ReceivedDelivery delivery) {
    StringWriter text = new StringWriter();
    new DeliveryPrinter(new PrintWriter(text))
        .print(delivery, DeliveryResponse.byVerification(delivery));
    return text.toString().replace("\r\n", "\n");
  }
}
