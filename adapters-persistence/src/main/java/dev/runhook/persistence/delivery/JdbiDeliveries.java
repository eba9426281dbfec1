package dev.runhook.persistence.delivery;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope.OfWebhook;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.ByteLimits;
import dev.runhook.application.spi.Deliveries;
import dev.runhook.application.spi.Deliveries.ClaimRequest;
import dev.runhook.application.spi.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.Deliveries.CompletionResult;
import dev.runhook.application.spi.Deliveries.LaneKey;
import dev.runhook.application.spi.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.Deliveries.StoredDelivery;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.batch.DeliveryBatches;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;

/// The tables `delivery_queue`, `delivery_batch`, `delivery` and `attempt`. Each longer statement
/// has a class of its own.
public final class JdbiDeliveries implements Deliveries {
  /// Whether `d` has the status of the latest finished delivery of its event to the webhook. Few
  /// deliveries share a run, but a sort by id could make PostgreSQL scan the primary key. A webhook
  /// can have many pings, so they are grouped once.
  private static final String HAS_LATEST_STATUS =
      """
      case when d.run_id is not null then d.status = (
        select (array_agg(n.status order by n.id desc))[1] from runhook.delivery n
        where coalesce(n.run_id, n.webhook_id) = d.run_id and n.webhook_id = d.webhook_id
          and n.event_id = d.event_id and n.id >= d.id)
      else (d.event_id, d.status) in (
        select distinct on (n.event_id) n.event_id, n.status from runhook.delivery n
        where coalesce(n.run_id, n.webhook_id) = :webhook
        order by n.event_id, n.id desc)
      end
      """;

  /// Reads from the index by status, as [ListDeliveries] does, and keeps the latest delivery of
  /// each event.
  private static final String LATEST_FINISHED =
      """
      select distinct on (m.event_id) m.id, m.event_id
      from unnest(:statuses) as a (status) cross join lateral (
        select d.id, d.event_id from runhook.delivery d
        where d.id >= :lower and d.id < :upper
          and (d.webhook_id, d.status, d.id) >= (:webhook, a.status, :lower)
          and (d.webhook_id, d.status, d.id) < (:webhook, a.status, :upper)
          and (:state::text is null or d.state = :state)
          and HAS_LATEST_STATUS
        order by d.webhook_id desc, d.status desc, d.id desc limit :limit) m
      order by m.event_id, m.id desc limit :limit
      """
          .replace("HAS_LATEST_STATUS", HAS_LATEST_STATUS);

  private static final String CONTENTS =
      """
      select d.id as delivery_id, d.previous_version, e.*
      from runhook.all_deliveries d join runhook.event e on e.id = d.event_id
      where d.id = any (:ids) and e.id = any (:events) and e.payload is not null
      """;

  /// Reads the lanes of the events, so that a long queue of the webhook is not scanned.
  private static final String REDELIVERED =
      """
      select q.event_id from runhook.delivery_queue q
      where q.webhook_id = :webhook and q.event_id = any (:events)
        and q.run_id = any (array(
          select e.run_id from runhook.event e where e.id = any (:events) and e.run_id is not null))
      union all
      select q.event_id from runhook.delivery_queue q
      where q.webhook_id = :webhook and q.run_id is null and q.event_id = any (:events)
      union all
      select b.event_id from runhook.batched_delivery b
      where b.webhook_id = :webhook and b.event_id = any (:events)
      union all
      select d.event_id from runhook.delivery d where d.id = any (:ids) and not HAS_LATEST_STATUS
      """
          .replace("HAS_LATEST_STATUS", HAS_LATEST_STATUS);

  /// Limits how many batches exist, because lists read all of them. The few deliveries that are not
  /// finished by then go on in the queue.
  private static final Duration MAX_BATCH_AGE = Duration.ofSeconds(5);

  private final TransactionScope transaction;
  private final SecretCipher cipher;
  private final CompleteAttempts completion;

  public JdbiDeliveries(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
    this.completion = new CompleteAttempts(transaction);
  }

  @Override
  public List<LeasedDelivery> add(Collection<NewDelivery> deliveries, Duration lease) {
    return new InsertDeliveries(transaction).insert(deliveries, lease);
  }

  @Override
  public List<LeasedDelivery> claimDue(ClaimRequest request) {
    new DeliveryBatches(transaction).moveOlderThan(MAX_BATCH_AGE);
    return new ClaimDue(transaction, cipher).claim(request);
  }

  @Override
  public Set<DeliveryId> tryLock(Collection<CompletedAttempt> attempts) {
    return completion.tryLock(attempts, new LaneHeads(transaction, cipher));
  }

  @Override
  public CompletionResult complete(Collection<CompletedAttempt> completed) {
    return completion.complete(completed);
  }

  @Override
  public List<LeasedDelivery> promoteNext(
      Set<LaneKey> lanes, Optional<Duration> lease, ByteLimits bytes) {
    return new LaneHeads(transaction, cipher).promoteNext(lanes, lease, bytes);
  }

  @Override
  public void release(Collection<Lease> leases) {
    completion.release(leases);
  }

  @Override
  public int makeDue(Collection<WebhookId> webhooks, int limit) {
    return new ClaimDue(transaction, cipher).makeDue(webhooks, limit);
  }

  @Override
  public void makeDue(DeliveryId delivery) {
    new ClaimDue(transaction, cipher).makeDue(delivery);
  }

  @Override
  public void probeWith(DeliveryId delivery) {
    new ClaimDue(transaction, cipher).probeWith(delivery);
  }

  @Override
  public Optional<Duration> timeUntilNextDue() {
    return new ClaimDue(transaction, cipher).timeUntilNextDue();
  }

  @Override
  public Optional<StoredDelivery> find(AccountId account, DeliveryId id, PageRequest attempts) {
    return new FindDelivery(transaction, cipher).find(account, id, attempts);
  }

  @Override
  public Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    return new ListDeliveries(transaction).list(filter, page);
  }

  @Override
  public List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit) {
    if (!(filter.scope() instanceof OfWebhook(var ignored, WebhookId webhook, Optional<String> run))
        || run.isPresent()
        || filter.dependsOnAttempts()) {
      throw new IllegalArgumentException(
          "the filter must select one webhook and all runs, regardless of attempts");
    }
    return transaction
        .unpreparedQuery(LATEST_FINISHED)
        .bindArray("statuses", String.class, ListDeliveries.finishedStatuses(filter))
        .bind("state", filter.state().map(RunState::name).orElse(null))
        .bind("webhook", webhook.value())
        .bind("lower", IdRange.lowerBound(filter.from()))
        .bind("upper", IdRange.upperBound(filter.to(), Optional.empty()))
        .bind("limit", limit)
        .map((row, context) ->
            new RedeliveryCandidate(
                new DeliveryId(row.getObject("id", UUID.class)),
                new EventId(row.getObject("event_id", UUID.class))))
        .list();
  }

  @Override
  public List<DeliveryContent> findContents(Collection<RedeliveryCandidate> candidates) {
    Map<RedeliveryCandidate, DeliveryContent> contents =
        bind(candidates, transaction.unpreparedQuery(CONTENTS))
            .map((row, ignored) -> DeliveryMapper.readRedelivery(row))
            .collectToMap(
                content ->
                    new RedeliveryCandidate(content.redeliveryOf().orElseThrow(), content.event()),
                Function.identity());
    return candidates.stream()
        .flatMap(candidate -> Stream.ofNullable(contents.get(candidate)))
        .toList();
  }

  @Override
  public Set<EventId> findRedelivered(
      WebhookId webhook, Collection<RedeliveryCandidate> candidates) {
    return bind(candidates, transaction.unpreparedQuery(REDELIVERED))
        .bind("webhook", webhook.value())
        .map((row, ignored) -> new EventId(row.getObject("event_id", UUID.class)))
        .set();
  }

  private static Query bind(Collection<RedeliveryCandidate> candidates, Query query) {
    return UnnestParameters.of(candidates)
        .uuids("ids", candidate -> candidate.delivery().value())
        .uuids("events", candidate -> candidate.event().value())
        .bindTo(query);
  }
}
