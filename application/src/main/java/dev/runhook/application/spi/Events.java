package dev.runhook.application.spi;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What was told, or would have been: events with the bytes they were rendered to, and why a
/// webhook did not hear of one.
public interface Events {
  /// Adds events; their bytes never change.
  void add(Collection<RenderedEvent> events);

  /// Keeps why webhooks did not hear of events.
  void addSkips(Collection<SkippedDelivery> skips);

  /// Why webhooks did not hear of the event, by webhook.
  List<SkippedDelivery> skips(EventId event);

  /// All that webhooks did not hear of a run, by version, then webhook.
  List<SkippedTransition> skips(RunId run);

  /// Forgets the payloads that tell of this run, which is locked, and keeps their hashes; those of
  /// which a delivery is open stay.
  Erased erase(RunId run);

  /// The same for the next events, by id, of the account's stacks within reach. Their runs are
  /// locked by this.
  ///
  /// @param limit at most so many events are looked at
  Erased erase(AccountId account, Reach reach, Optional<EventId> after, int limit);
}
