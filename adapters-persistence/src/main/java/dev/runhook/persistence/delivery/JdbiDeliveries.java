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
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The store of deliveries; each kind of work on them has its own class.
public final class JdbiDeliveries implements Deliveries {
  private final TransactionScope transactionScope;

  public JdbiDeliveries(TransactionScope session) {
    this.transactionScope = session;
  }

  @Override
  public List<LeasedDelivery> add(Collection<NewDelivery> deliveries, Duration lease) {
    return new InsertDeliveries(transactionScope).add(deliveries, lease);
  }

  @Override
  public List<LeasedDelivery> claimDue(ClaimRequest claimRequest) {
    return new ClaimDue(transactionScope).claim(claimRequest);
  }

  @Override
  public Set<DeliveryId> tryLockLanes(Collection<DeliveryId> deliveries) {
    return new LaneHeads(transactionScope).tryLock(deliveries);
  }

  @Override
  public CompletionResult complete(Collection<CompletedAttempt> settlements) {
    return new CompleteAttempts(transactionScope).complete(settlements);
  }

  @Override
  public List<LeasedDelivery> promoteNext(Set<LaneKey> lanes, Optional<Duration> lease) {
    return new LaneHeads(transactionScope).promoteNext(lanes, lease);
  }

  @Override
  public void release(Collection<Lease> leases) {
    new CompleteAttempts(transactionScope).release(leases);
  }

  @Override
  public Optional<Duration> timeUntilNextDue() {
    return new NextDue(transactionScope).untilNextDue();
  }

  @Override
  public Optional<StoredDelivery> find(AccountId account, DeliveryId id) {
    return new FindDelivery(transactionScope).find(account, id);
  }

  @Override
  public Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    return new ListDeliveries(transactionScope).list(filter, page);
  }

  @Override
  public List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit) {
    return new FindRedeliverable(transactionScope).findLatestFinished(filter, limit);
  }

  @Override
  public List<DeliveryContent> findContents(Collection<RedeliveryCandidate> candidates) {
    return new FindRedeliverable(transactionScope).findContents(candidates);
  }

  @Override
  public Set<EventId> findOpenEvents(WebhookId webhook, Collection<EventId> events) {
    return new FindRedeliverable(transactionScope).findOpenEvents(webhook, events);
  }
}
