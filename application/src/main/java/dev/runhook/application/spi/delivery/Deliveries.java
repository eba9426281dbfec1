package dev.runhook.application.spi.delivery;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Cancellation;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.webhook.Interruption;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Deliveries, open and finished, with their attempts. Due times and leases use the clock of the
/// store.
///
/// An open delivery is waiting, due or leased. A lane has the open deliveries to one webhook whose
/// events have one subject: a run, or the webhook that operational events are about. Those of a run
/// are ordered by version, the others as they were added. Pings and test events have no lane. Only
/// the head of a lane can be due or leased. When a lane has no head, a delivery that is added or
/// promoted becomes the head.
public interface Deliveries {
  /// The longest difference between the start of a transaction and that of another one whose times
  /// it reads. A later time means that the clock of the store has stepped back.
  Duration TRANSACTION_MARGIN = Duration.ofMinutes(1);

  /// Leases due deliveries of active webhooks. A paused webhook whose probe is due, and that holds
  /// no slot, gets one, even if all of its deliveries wait for a later retry. The next attempt of
  /// each counts as started. If a lease expired during an attempt, that attempt is stored as
  /// interrupted. Deliveries of one webhook are claimed in the order in which they became due.
  /// Webhooks take turns, each as far as [SlotLimits#mayStart] lets it start them one by one. A
  /// delivery that fits partly into the slots is the last one. A delivery whose event or payload no
  /// longer exists is not leased; it fails without an attempt.
  ///
  /// A webhook with a limited rate gets as many as may begin within [DeliverySettings#BURST], at
  /// least one, and nothing more until their time has passed, in whatever process.
  ///
  /// If a webhook collapses the lanes of runs, a delivery that has failed, or has waited for a
  /// pause, is not leased if its lane has a newer one. The newest becomes due, and the others are
  /// canceled without a user, unless another unit has locked the run.
  ///
  /// What waits longer than it can be made to wait is due at once, because the clock of the store
  /// has stepped back: a lease for more than [Lease#MAX], a retry for more than
  /// [RetrySchedule#MAX_DELAY], and what was never attempted at all, each by more than
  /// [#TRANSACTION_MARGIN].
  List<LeasedDelivery> claimDue(ClaimRequest request);

  /// Stores each attempt, and finishes or reschedules its delivery. A probe that is retried does
  /// not count as a failure of the schedule. A delivery that is no longer leased under that attempt
  /// number does not change, and neither does one that another unit has locked. Never waits. A unit
  /// that then adds to a lane locks the run again. If a finished attempt collapses its lane, all
  /// that waits there except the newest is canceled, as in [#claimDue].
  CompletionResult complete(Collection<CompletedAttempt> attempts);

  /// Makes the first delivery of each lane due, unless the lane already has a head.
  ///
  /// @param continued the lanes whose promoted delivery is leased to the caller, as [#claimDue]
  ///   does, if the webhook is active
  List<LeasedDelivery> promoteNext(
      Set<LaneKey> lanes, Set<LaneKey> continued, Duration leaseDuration);

  /// Returns deliveries that were leased and not sent: they are due immediately, and their attempt
  /// counts as never started. A delivery that is no longer leased under that attempt number does
  /// not change.
  void release(Collection<Lease> leases);

  /// Makes deliveries of these webhooks that wait for a retry due at once, the earliest due first.
  /// Only active webhooks count. Leased deliveries, and those behind the head of their lane, do not
  /// change. The caller has locked the webhooks or accepts that a concurrent failure is retried
  /// early.
  ///
  /// @param limit the maximum number of deliveries of each webhook
  /// @return how many deliveries became due
  int makeDue(Collection<WebhookId> webhooks, int limit);

  /// Makes this delivery due at once if it waits for a retry. A leased delivery, and one behind the
  /// head of its lane, does not change. The caller has checked that the webhook is active.
  void makeDue(DeliveryId delivery);

  /// Makes an open delivery, which is not leased, the next probe of its webhook, if the webhook is
  /// paused: both are due now, and the delivery before the others. The caller has locked the
  /// webhook.
  void probeWith(DeliveryId delivery);

  /// Returns open deliveries that match the filter and have no attempt in flight: first those
  /// behind the head of their lane, then the heads and the others.
  ///
  /// @param filter names one webhook, and has no criteria but a run, a state and times
  List<DeliveryId> findWaiting(DeliveryFilter filter, int limit);

  /// Cancels open deliveries, and makes the next one of each lane due. Leaves out those that have
  /// an attempt in flight or are finished. Waits for transactions that have locked their runs.
  ///
  /// @param by the name of the user
  /// @return those that it has canceled
  Set<DeliveryId> cancel(Collection<DeliveryId> deliveries, String by, String reason);

  /// Ends open deliveries whose webhooks were deleted, which fail. There are some if another unit
  /// had locked them, or added them, when their webhook was deleted.
  ///
  /// @return how many it has ended, at most the limit
  int endOfDeletedWebhooks(int limit);

  /// Returns the time until more can be claimed: a delivery becomes due, a webhook with a limited
  /// rate may be sent what is due, or a paused webhook with deliveries is probed. Absent if nothing
  /// of this happens just because time passes. What is due does not count, because a claim has left
  /// it, nor does what is leased: polls find it when its lease has expired.
  Optional<Duration> timeUntilNextDue();

  /// Finds a delivery, open or finished, with its latest attempts; absent if the account has none
  /// with that id.
  default Optional<StoredDelivery> find(AccountId account, DeliveryId id) {
    return find(account, id, new PageRequest(StoredDelivery.MAX_ATTEMPTS, Optional.empty()));
  }

  /// Finds a delivery with a page of its finished attempts, the latest first.
  Optional<StoredDelivery> find(AccountId account, DeliveryId id, PageRequest attempts);

  /// Returns the deliveries that match the filter, the newest first, with those of deleted
  /// webhooks. If the filter has a state or depends on attempts and few match, a page may have
  /// fewer items than requested, even none, and still have a next page.
  Page<Delivery> list(DeliveryFilter filter, PageRequest page);

  /// Returns finished deliveries that match the filter and may be redelivered: for each event, the
  /// one that finished last. Those of one run are together, in the order of their versions,
  /// whatever the clocks of the nodes that recorded them. An event is omitted if its last finished
  /// delivery to the webhook, even outside of the filter's times, has another status: a failure
  /// that was made up for is none.
  ///
  /// @param filter names one webhook, and does not depend on attempts
  List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit);

  /// Returns the events that the webhook was skipped for, or that are older than it, and that it
  /// has no delivery of. Those of one run are together and in the order of their versions.
  ///
  /// @param filter names one webhook; its times are those of the events, and its status is ignored
  /// @param states only events of these states; empty for all
  List<RedeliveryCandidate> findSkipped(DeliveryFilter filter, Set<RunState> states, int limit);

  /// Finds the latest delivery of a transition that was delivered, redeliveries aside.
  Optional<DeliveryId> findLastSuccess(WebhookId webhook);

  /// Returns the content to redeliver for each candidate, in the given order. A candidate whose
  /// event or payload no longer exists is omitted.
  List<DeliveryContent> findContents(Collection<RedeliveryCandidate> candidates);

  /// Returns the events of those candidates that no longer need a redelivery: the event has an open
  /// delivery to the webhook, or its last finished one has another status than the candidate. A
  /// candidate without a delivery needs none if the event has any.
  Set<EventId> findRedelivered(WebhookId webhook, Collection<RedeliveryCandidate> candidates);

  /// A finished attempt and its consequence for the delivery.
  ///
  /// @param formatError as in [Webhook]; stores ignore it, like `endedAtNanos`
  /// @param endedAtNanos when it ended by the monotonic clock of the caller
  record CompletedAttempt(
      LeasedDelivery leased,
      Attempt attempt,
      Disposition disposition,
      Optional<String> formatError,
      long endedAtNanos) {
    public Lease lease() {
      return leased.lease();
    }

    /// Returns whether only the newest delivery of its lane follows if it is finished: the webhook
    /// wants that, and the receiver could not be reached before, or in this attempt.
    public boolean collapsesLane() {
      return leased.webhook().settings().delivery().collapse()
          && (lease().failures() > 0
              || leased.isProbe()
              || disposition instanceof Disposition.Exhausted);
    }
  }

  /// The result of completing attempts.
  ///
  /// @param applied the leases that were still valid; the other attempts changed nothing
  /// @param busy the valid leases of deliveries that another unit has locked; complete these later
  /// @param unblockedLanes the lanes whose head is finished, in the order of the store; lanes
  ///   without another delivery may be missing
  record CompletionResult(Set<Lease> applied, Set<Lease> busy, Set<LaneKey> unblockedLanes) {
    public CompletionResult {
      applied = Set.copyOf(applied);
      busy = Set.copyOf(busy);
      unblockedLanes = Collections.unmodifiableSet(new LinkedHashSet<>(unblockedLanes));
    }
  }

  /// Identifies a lane.
  ///
  /// @param webhook the receiver
  /// @param subject the store's internal key of a run, or the id of the webhook that operational
  ///   events are about
  record LaneKey(WebhookId webhook, UUID subject, boolean ofRun) {}

  /// A delivery with everything that is stored about it.
  ///
  /// @param webhook the webhook as it is now, without secrets and custom headers if it is deleted
  /// @param payload of the event, in Runhook's format; an attempt may have sent another
  /// @param attempts the requested page of finished attempts, but ordered by number
  /// @param earlierAttempts the cursor of the next page; absent if there are no earlier attempts
  /// @param revisions the revisions of the webhook that the attempts refer to
  /// @param blockedBy the head of the lane, if the delivery waits for it
  /// @param cancellation absent if it was not canceled
  /// @param predecessor the delivery before it in the lane of a run, if that finished while this
  ///   one was open
  /// @param interruptions those of the webhook that did not end before the delivery was created,
  ///   the earliest first, at most [#MAX_INTERRUPTIONS]
  /// @param trace the span that reported the event, if known
  /// @param changes see [DeliveryContent]
  record StoredDelivery(
      Delivery delivery,
      Webhook webhook,
      Optional<Instant> webhookDeletedAt,
      StoredPayload payload,
      List<Attempt> attempts,
      Optional<String> earlierAttempts,
      List<Webhook.Revision> revisions,
      Optional<Delivery> blockedBy,
      Optional<Cancellation> cancellation,
      Optional<Predecessor> predecessor,
      List<Interruption> interruptions,
      Optional<TraceContext> trace,
      Optional<ResourceChanges> changes) {
    /// The number of attempts that are read with a delivery. It can have any number of them,
    /// because interrupted ones do not count as failures.
    public static final int MAX_ATTEMPTS = 25;

    public static final int MAX_INTERRUPTIONS = 25;

    public StoredDelivery {
      attempts = List.copyOf(attempts);
      revisions = List.copyOf(revisions);
      interruptions = List.copyOf(interruptions);
    }

    /// Returns what the delivery sends; empty if the payload was erased.
    public Optional<DeliveryContent> findContent() {
      return payload
          .findPayload()
          .map(present ->
              new DeliveryContent(
                  delivery.event(),
                  delivery.kind(),
                  delivery.transition(),
                  present,
                  delivery.redeliveryOf(),
                  trace,
                  changes));
    }
  }

  /// A finished delivery for which another one waited.
  record Predecessor(DeliveryId id, TransitionRef transition, Instant finishedAt) {}

  /// An event that may be delivered again, or late.
  ///
  /// @param delivery the finished delivery to repeat; absent if the webhook was skipped
  record RedeliveryCandidate(Optional<DeliveryId> delivery, EventId event) {
    public RedeliveryCandidate(DeliveryId delivery, EventId event) {
      this(Optional.of(delivery), event);
    }
  }

  /// What a dispatcher could start now, which it asks for when it claims due deliveries.
  ///
  /// @param leaseDuration how long the dispatcher may keep each delivery, at least; see
  ///   [Lease#durationFor]
  /// @param slots how many slots all of the deliveries may take
  /// @param room the room of each account that holds no slots
  /// @param rooms the room of the other accounts
  /// @param heldByWebhook how many slots a webhook holds; those that hold none are missing
  record ClaimRequest(
      Duration leaseDuration,
      int slots,
      SlotLimits limits,
      Room room,
      Map<AccountId, Room> rooms,
      Map<WebhookId, Integer> heldByWebhook) {
    private static final int UNLIMITED = 100_000;

    public ClaimRequest {
      rooms = Map.copyOf(rooms);
      heldByWebhook = Map.copyOf(heldByWebhook);
    }

    /// Creates a request of a dispatcher that holds nothing.
    ///
    /// @param slots how many slots the deliveries may take
    public static ClaimRequest of(Duration leaseDuration, int slots) {
      SlotLimits limits = new SlotLimits(1, UNLIMITED, Long.MAX_VALUE);
      return new ClaimRequest(
          leaseDuration, slots, limits, Room.of(UNLIMITED, 0, 0), Map.of(), Map.of());
    }

    /// Returns how many slots these deliveries take.
    public int slotsOf(Collection<LeasedDelivery> deliveries) {
      return deliveries.stream().mapToInt(leased -> limits.slotsFor(leased.bytes())).sum();
    }
  }
}
