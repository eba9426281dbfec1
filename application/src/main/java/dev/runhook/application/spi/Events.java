package dev.runhook.application.spi;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
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
  void addSkipped(Collection<SkippedDelivery> skips);

  /// Who did not hear of the event, in no order; empty where all did, or there is no such event.
  List<SkippedDelivery> findSkipped(EventId event);

  /// All that webhooks did not hear of a run, by version; empty where there is no such run.
  List<SkippedTransition> findSkipped(RunId run);

  /// Forgets the payloads that tell of this run, which is locked, and keeps their hashes; those of
  /// which a delivery is open stay.
  ErasureProgress erasePayloads(RunId run);

  /// The same for the next events, by id, of the account's stacks within reach. Their runs are
  /// locked by this.
  ///
  /// @param limit at most so many events are looked at
  ErasureProgress erasePayloads(
      AccountId account, StackScope stackScope, Optional<EventId> after, int limit);
}
