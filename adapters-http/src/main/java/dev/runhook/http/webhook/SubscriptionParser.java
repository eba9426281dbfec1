package dev.runhook.http.webhook;

import dev.runhook.application.webhook.DeliverySettingsPatch.PatchValue;
import dev.runhook.application.webhook.SubscriptionPatch;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.Subscription;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.util.Optional;
import java.util.Set;

/// Reads what a webhook wants to hear of.
final class SubscriptionParser {
  private static final String STATES_FIELD = "states";
  private static final String TYPES_FIELD = "types";
  private static final String DRIFT_FIELD = "driftDetection";

  private static final Decoder<Set<RunState>> STATES =
      Decoder.listOf(Decoder.enumOf(RunState.class)).map(Set::copyOf);
  private static final Decoder<Set<RunType>> TYPES =
      Decoder.listOf(Decoder.enumOf(RunType.class)).map(Set::copyOf);

  private SubscriptionParser() {}

  static Subscription parse(JsonObjectReader jsonObjectReader) {
    return new Subscription(
        jsonObjectReader.optional(STATES_FIELD, STATES).orElse(Set.of()),
        jsonObjectReader.optional(TYPES_FIELD, TYPES).orElse(Set.of()),
        jsonObjectReader.optional(DRIFT_FIELD, Decoder.BOOLEAN));
  }

  static SubscriptionPatch parsePatch(JsonObjectReader jsonObjectReader) {
    return new SubscriptionPatch(
        jsonObjectReader.resettable(STATES_FIELD, STATES, Set.of()),
        jsonObjectReader.resettable(TYPES_FIELD, TYPES, Set.of()),
        jsonObjectReader.resettable(
            DRIFT_FIELD,
            Decoder.BOOLEAN.map(flag -> new PatchValue<>(Optional.of(flag))),
            new PatchValue<>(Optional.empty())));
  }
}
