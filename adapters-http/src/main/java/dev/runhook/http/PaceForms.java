package dev.runhook.http;

import dev.runhook.application.webhook.PaceEdit;
import dev.runhook.application.webhook.PaceEdit.Choice;
import dev.runhook.domain.webhook.Pace;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads how patient a webhook wants us to be. Durations are written as in ISO 8601.
final class PaceForms {
  private static final String TIMEOUT_FIELD = "timeout";
  private static final String SCHEDULE_FIELD = "retrySchedule";

  private static final Form<Duration> TIMEOUT =
      Form.STRING.as(text -> fitTimeout(duration(text, "PT5S")));
  private static final Form<List<Duration>> SCHEDULE =
      Form.listOf(Form.STRING.as(text -> fitWaits(List.of(duration(text, "PT30S"))).getFirst()))
          .as(PaceForms::fitWaits);

  private PaceForms() {}

  static Pace pace(Fields fields) {
    return new Pace(
        fields.optional(TIMEOUT_FIELD, TIMEOUT), fields.optional(SCHEDULE_FIELD, SCHEDULE));
  }

  static PaceEdit edit(Fields fields) {
    return new PaceEdit(
        fields.resettable(TIMEOUT_FIELD, own(TIMEOUT), servers()),
        fields.resettable(SCHEDULE_FIELD, own(SCHEDULE), servers()));
  }

  static Duration duration(String text, String example) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "must be a duration as in ISO 8601, such as " + example, e);
    }
  }

  private static <T> Form<Choice<T>> own(Form<T> form) {
    return form.as(value -> new Choice<>(Optional.of(value)));
  }

  private static <T> Choice<T> servers() {
    return new Choice<>(Optional.empty());
  }

  private static Duration fitTimeout(Duration timeout) {
    return new Pace(Optional.of(timeout), Optional.empty()).timeout().orElseThrow();
  }

  private static List<Duration> fitWaits(List<Duration> waits) {
    return new Pace(Optional.empty(), Optional.of(waits)).waits().orElseThrow();
  }
}
