package dev.runhook.application.run;

import dev.runhook.application.Refusal;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Transition;
import java.util.List;
import java.util.Map;

/// What became of one report among many.
sealed interface Verdict {
  record News(RunMoved moved, int deliveries) implements Verdict {}

  record Repeat(Transition recorded) implements Verdict {}

  record Declined(Refusal refusal) implements Verdict {}

  /// This verdict, with the number of deliveries that its event has by now.
  default Verdict counting(Map<EventId, List<NewDelivery>> deliveries) {
    return this instanceof News(RunMoved moved, _)
        ? new News(moved, deliveries.getOrDefault(moved.id(), List.of()).size())
        : this;
  }

  default Entry entry() {
    return switch (this) {
      case News(RunMoved moved, int deliveries) ->
          new Entry.Kept(new Recorded(moved.transition(), deliveries, false));
      case Repeat(Transition recorded) -> new Entry.Kept(new Recorded(recorded, 0, true));
      case Declined(Refusal refusal) -> new Entry.Declined(refusal);
    };
  }
}
