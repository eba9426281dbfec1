package dev.runhook.persistence.delivery;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.queue.EndOpenDeliveries;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The tables `delivery_queue`, `delivery` and `attempt`. Each longer statement has a class of its
/// own.
public final class JdbiDeliveries implements Deliveries {
  private final TransactionScope transaction;
  private final SecretCipher cipher;

  public JdbiDeliveries(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  @Override
  public List<LeasedDelivery> claimDue(ClaimRequest request) {
    return new ClaimDue(transaction, cipher).claim(request);
  }

  @Override
  public CompletionResult complete(Collection<CompletedAttempt> completed) {
    return new CompleteAttempts(transaction).complete(completed);
  }

  @Override
  public List<LeasedDelivery> promoteNext(
      Set<LaneKey> lanes, Set<LaneKey> continued, Duration lease) {
    return new LaneHeads(transaction, cipher).promoteNext(lanes, continued, lease);
  }

  @Override
  public void release(Collection<Lease> leases) {
    new DueTimes(transaction).release(leases);
  }

  @Override
  public int makeDue(Collection<WebhookId> webhooks, int limit) {
    return new DueTimes(transaction).makeDue(webhooks, limit);
  }

  @Override
  public void makeDue(DeliveryId delivery) {
    new DueTimes(transaction).makeDue(delivery);
  }

  @Override
  public void probeWith(DeliveryId delivery) {
    new DueTimes(transaction).probeWith(delivery);
  }

  @Override
  public List<DeliveryId> findWaiting(DeliveryFilter filter, int limit) {
    return new CancelDeliveries(transaction, cipher).findWaiting(filter, limit);
  }

  @Override
  public Set<DeliveryId> cancel(Collection<DeliveryId> deliveries, String by, String reason) {
    return new CancelDeliveries(transaction, cipher).cancel(deliveries, by, reason);
  }

  @Override
  public int endOfDeletedWebhooks(int limit) {
    return new EndOpenDeliveries(transaction).endRemaining(limit);
  }

  @Override
  public Optional<Duration> timeUntilNextDue() {
    return new DueTimes(transaction).timeUntilNextDue();
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
    return new FindRedeliveries(transaction).findLatestFinished(filter, limit);
  }

  @Override
  public List<RedeliveryCandidate> findSkipped(
      DeliveryFilter filter, Set<RunState> states, int limit) {
    return new FindRedeliveries(transaction).findSkipped(filter, states, limit);
  }

  @Override
  public Optional<DeliveryId> findLastSuccess(WebhookId webhook) {
    return new FindRedeliveries(transaction).findLastSuccess(webhook);
  }

  @Override
  public List<DeliveryContent> findContents(Collection<RedeliveryCandidate> candidates) {
    return new FindRedeliveries(transaction).findContents(candidates);
  }

  @Override
  public Set<EventId> findRedelivered(
      WebhookId webhook, Collection<RedeliveryCandidate> candidates) {
    return new FindRedeliveries(transaction).findRedelivered(webhook, candidates);
  }
}
