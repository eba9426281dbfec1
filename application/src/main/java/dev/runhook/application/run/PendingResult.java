package dev.runhook.application.run;

import dev.runhook.application.Refusal;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Transition;
import java.util.List;
import java.util.Map;

/// What became of one report among many.
sealed interface PendingResult {
  record New(RunStateChanged event, int deliveryCount) implements PendingResult {}

  record Duplicate(Transition recorded) implements PendingResult {}

  record Rejected(Refusal refusal) implements PendingResult {}

  /// This verdict, with the number of deliveries that its event has by now.
  default PendingResult withDeliveryCount(Map<EventId, List<NewDelivery>> deliveries) {
    return this instanceof New(RunStateChanged moved, _)
        ? new New(moved, deliveries.getOrDefault(moved.id(), List.of()).size())
        : this;
  }

  default RecordResult toRecordResult() {
    return switch (this) {
      case New(RunStateChanged moved, int deliveries) ->
          new RecordResult.Accepted(new RecordedTransition(moved.transition(), deliveries, false));
      case Duplicate(Transition recorded) ->
          new RecordResult.Accepted(new RecordedTransition(recorded, 0, true));
      case Rejected(Refusal refusal) -> new RecordResult.Rejected(refusal);
    };
  }
}
