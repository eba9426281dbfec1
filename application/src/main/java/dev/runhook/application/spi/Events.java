package dev.runhook.application.spi;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Events with their rendered payloads, and the reasons why webhooks were skipped.
public interface Events {
  /// Returns those of the events that exist and whose payload was not erased.
  Set<EventId> findWithPayload(Collection<EventId> events);

  /// Returns which webhooks received no delivery of these transitions of the run, ordered by
  /// version.
  List<SkippedTransition> findSkipped(RunId run, Collection<Long> versions);

  /// Replaces the payloads of this run with their SHA-256, except those with an open delivery. The
  /// caller has locked the run.
  ErasureProgress erasePayloads(RunId run);

  /// Erases payloads in the same way for the next events, ordered by id, of the account's stacks in
  /// the scope. Locks the runs of these events. May stop before a run that another unit has locked.
  ///
  /// @param limit the maximum number of events to examine
  /// @param dryRun whether to only count the payloads, without a lock
  ErasureProgress erasePayloads(
      AccountId account, StackScope stackScope, Optional<EventId> after, int limit, boolean dryRun);

  /// A webhook that gets no delivery of a transition.
  record SkippedTransition(long version, WebhookId webhook, Explanation explanation) {}

  /// The progress of an erasure of payloads.
  ///
  /// @param erased how many payloads were erased
  /// @param retained how many payloads still have an open delivery
  /// @param lastEvent the event to continue after; absent if no event is left
  record ErasureProgress(long erased, long retained, Optional<EventId> lastEvent) {
    public static ErasureProgress none() {
      return new ErasureProgress(0, 0, Optional.empty());
    }

    public ErasureProgress plus(ErasureProgress next) {
      return new ErasureProgress(erased + next.erased, retained + next.retained, next.lastEvent);
    }
  }
}
