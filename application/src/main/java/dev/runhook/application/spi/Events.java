package dev.runhook.application.spi;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Events with their rendered payloads, and the reasons why webhooks were skipped.
public interface Events {
  /// Adds events. Their payloads never change.
  void add(Collection<RenderedEvent> events);

  /// Stores why webhooks were skipped.
  void addSkipped(Collection<SkippedDelivery> skipped);

  /// Returns the webhooks that were skipped for the event, in no particular order.
  List<SkippedDelivery> findSkipped(EventId event);

  /// Returns all skipped transitions of the run, ordered by version.
  List<SkippedTransition> findSkipped(RunId run);

  /// Replaces the payloads of this run by their SHA-256, except those with an open delivery. The
  /// caller has locked the run.
  ErasureProgress erasePayloads(RunId run);

  /// Does the same for the next events, by id, of the account's stacks in the scope. Locks their
  /// runs.
  ///
  /// @param limit the maximum number of events to examine
  ErasureProgress erasePayloads(
      AccountId account, StackScope stackScope, Optional<EventId> after, int limit);
}
