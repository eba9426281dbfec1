package dev.runhook.http.webhook;

import dev.runhook.application.webhook.DeliverySettingsPatch;
import dev.runhook.application.webhook.DeliverySettingsPatch.PatchValue;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads how patient a webhook wants us to be. Durations are written as in ISO 8601.
final class DeliverySettingsParser {
  private static final String TIMEOUT_FIELD = "timeout";
  private static final String SCHEDULE_FIELD = "retrySchedule";

  private static final Decoder<Duration> TIMEOUT =
      Decoder.STRING.map(text -> fitTimeout(parseDuration(text, "PT5S")));
  private static final Decoder<List<Duration>> SCHEDULE =
      Decoder.listOf(
              Decoder.STRING.map(
                  text -> fitWaits(List.of(parseDuration(text, "PT30S"))).getFirst()))
          .map(DeliverySettingsParser::fitWaits);

  private DeliverySettingsParser() {}

  static DeliverySettings parse(JsonObjectReader jsonObjectReader) {
    return new DeliverySettings(
        jsonObjectReader.optional(TIMEOUT_FIELD, TIMEOUT),
        jsonObjectReader.optional(SCHEDULE_FIELD, SCHEDULE));
  }

  static DeliverySettingsPatch parsePatch(JsonObjectReader jsonObjectReader) {
    return new DeliverySettingsPatch(
        jsonObjectReader.resettable(TIMEOUT_FIELD, own(TIMEOUT), servers()),
        jsonObjectReader.resettable(SCHEDULE_FIELD, own(SCHEDULE), servers()));
  }

  static Duration parseDuration(String text, String example) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "must be a duration as in ISO 8601, such as " + example, e);
    }
  }

  private static <T> Decoder<PatchValue<T>> own(Decoder<T> decoder) {
    return decoder.map(value -> new PatchValue<>(Optional.of(value)));
  }

  private static <T> PatchValue<T> servers() {
    return new PatchValue<>(Optional.empty());
  }

  private static Duration fitTimeout(Duration timeout) {
    return new DeliverySettings(Optional.of(timeout), Optional.empty()).timeout().orElseThrow();
  }

  private static List<Duration> fitWaits(List<Duration> waits) {
    return new DeliverySettings(Optional.empty(), Optional.of(waits)).retryDelays().orElseThrow();
  }
}
