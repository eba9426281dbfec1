package dev.runhook.application.spi;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Deliveries, open and finished, with their attempts. Due times and leases go by the store's
/// clock.
///
/// The open deliveries of a lane (webhook and run) are in the order of their versions, then ids.
/// Only the first of them, the head, is ever due; whichever is added or freed while none is due
/// becomes the head.
public interface Deliveries {
  /// Adds open deliveries, each due at once if it is the head of its lane, or has none. The runs of
  /// their lanes are locked, or joined by the host's transaction. Each that repeats none by hand
  /// knows what its webhook was told of its run before, by [Runs#save] or in the same call. Returns
  /// those that are leased to the caller by this: the heads among those that asked to be. Their
  /// first attempt counts as begun.
  List<LeasedDelivery> add(Collection<NewDelivery> deliveries, Duration lease);

  /// Takes deliveries that are due, of webhooks that are active, or paused with a probe due (one
  /// each); nobody else gets them before the lease ends. The next attempt of each counts as begun.
  /// Where an attempt before was begun and its lease ran out, that one is kept as interrupted.
  /// Within a webhook the longest due come first; among webhooks none is left out for another's
  /// sake.
  List<LeasedDelivery> claimDue(ClaimRequest claimRequest);

  /// Locks the runs whose lanes these deliveries are in, so that nothing is added to the lanes
  /// until the unit ends; to be called before [#complete] for those that it finishes. It never
  /// waits: returns those whose run somebody else holds, which must be settled another time.
  Set<DeliveryId> tryLockLanes(Collection<DeliveryId> deliveries);

  /// Keeps each attempt and what it means for its delivery: finished, or due again after a delay.
  /// What is no longer leased under that attempt's number stays as it is.
  CompletionResult complete(Collection<CompletedAttempt> settlements);

  /// Makes the first delivery of each of these lanes due, if none is; with a lease, those of active
  /// webhooks are taken by the caller at once, as by [#claimDue].
  List<LeasedDelivery> promoteNext(Set<LaneKey> lanes, Optional<Duration> lease);

  /// Gives back what was taken and not sent: due again at once, its attempt as if never begun. What
  /// is no longer leased under that number stays as it is.
  void release(Collection<Lease> leases);

  /// How long until something is due that is not leased, or a lease ends; absent where nothing is
  /// open that time alone could make due.
  Optional<Duration> timeUntilNextDue();

  /// The delivery, open or finished, with its attempts; absent where the account has none of that
  /// id, or its webhook is no more.
  Optional<StoredDelivery> find(AccountId account, DeliveryId id);

  /// Deliveries that the filter lets through, the newest first; none of webhooks that are no more.
  Page<Delivery> list(DeliveryFilter filter, PageRequest page);

  /// Returns finished deliveries that match the filter and may be redelivered: the latest one for
  /// each event, in the order of the events, which is also the version order of each run.
  ///
  /// @param filter names one webhook and all of its runs
  List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit);

  /// Returns the content to redeliver for each candidate, in the given order. A candidate whose
  /// event or payload no longer exists is omitted.
  List<DeliveryContent> findContents(Collection<RedeliveryCandidate> candidates);

  /// Returns those of the events that have an open delivery to the webhook.
  Set<EventId> findOpenEvents(WebhookId webhook, Collection<EventId> events);
}
