package dev.runhook.http;

import dev.runhook.application.webhook.PaceEdit.Choice;
import dev.runhook.application.webhook.SubscriptionEdit;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.Subscription;
import java.util.Optional;
import java.util.Set;

/// Reads what a webhook wants to hear of.
final class SubscriptionForms {
  private static final String STATES_FIELD = "states";
  private static final String TYPES_FIELD = "types";
  private static final String DRIFT_FIELD = "driftDetection";

  private static final Form<Set<RunState>> STATES =
      Form.listOf(Form.oneOf(RunState.class)).as(Set::copyOf);
  private static final Form<Set<RunType>> TYPES =
      Form.listOf(Form.oneOf(RunType.class)).as(Set::copyOf);

  private SubscriptionForms() {}

  static Subscription subscription(Fields fields) {
    return new Subscription(
        fields.optional(STATES_FIELD, STATES).orElse(Set.of()),
        fields.optional(TYPES_FIELD, TYPES).orElse(Set.of()),
        fields.optional(DRIFT_FIELD, Form.FLAG));
  }

  static SubscriptionEdit edit(Fields fields) {
    return new SubscriptionEdit(
        fields.resettable(STATES_FIELD, STATES, Set.of()),
        fields.resettable(TYPES_FIELD, TYPES, Set.of()),
        fields.resettable(
            DRIFT_FIELD,
            Form.FLAG.as(flag -> new Choice<>(Optional.of(flag))),
            new Choice<>(Optional.empty())));
  }
}
