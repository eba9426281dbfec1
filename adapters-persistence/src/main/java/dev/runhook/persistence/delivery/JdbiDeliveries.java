package dev.runhook.persistence.delivery;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.ClaimRequest;
import dev.runhook.application.spi.CompletedAttempt;
import dev.runhook.application.spi.CompletionResult;
import dev.runhook.application.spi.Deliveries;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.LaneKey;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.RedeliveryCandidate;
import dev.runhook.application.spi.StoredDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The tables `delivery_queue`, `delivery` and `attempt`. Each statement has a class of its own.
public final class JdbiDeliveries implements Deliveries {
  private final TransactionScope transaction;
  private final SecretCipher cipher;

  public JdbiDeliveries(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  @Override
  public List<LeasedDelivery> add(Collection<NewDelivery> deliveries, Duration lease) {
    return new InsertDeliveries(transaction).insert(deliveries, lease);
  }

  @Override
  public List<LeasedDelivery> claimDue(ClaimRequest request) {
    return new ClaimDue(transaction, cipher).claim(request);
  }

  @Override
  public Set<DeliveryId> tryLockLanes(Collection<DeliveryId> deliveries) {
    return new LaneHeads(transaction, cipher).tryLock(deliveries);
  }

  @Override
  public CompletionResult complete(Collection<CompletedAttempt> completed) {
    return new CompleteAttempts(transaction).complete(completed);
  }

  @Override
  public List<LeasedDelivery> promoteNext(Set<LaneKey> lanes, Optional<Duration> lease) {
    return new LaneHeads(transaction, cipher).promoteNext(lanes, lease);
  }

  @Override
  public void release(Collection<Lease> leases) {
    new CompleteAttempts(transaction).release(leases);
  }

  @Override
  public Optional<Duration> timeUntilNextDue() {
    return new ClaimDue(transaction, cipher).timeUntilNextDue();
  }

  @Override
  public Optional<StoredDelivery> find(AccountId account, DeliveryId id) {
    return new FindDelivery(transaction, cipher).find(account, id);
  }

  @Override
  public Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    return new ListDeliveries(transaction).list(filter, page);
  }

  @Override
  public List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit) {
    return new FindRedeliverable(transaction).findLatestFinished(filter, limit);
  }

  @Override
  public List<DeliveryContent> findContents(Collection<RedeliveryCandidate> candidates) {
    return new FindRedeliverable(transaction).findContents(candidates);
  }

  @Override
  public Set<EventId> findOpenEvents(WebhookId webhook, Collection<EventId> events) {
    return new FindRedeliverable(transaction).findOpenEvents(webhook, events);
  }
}
