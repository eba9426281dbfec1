package dev.runhook.persistence;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Deliveries;
import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.LaneKey;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Settled;
import dev.runhook.application.spi.Settlement;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The store of deliveries; each kind of work on them has its own class.
final class JdbiDeliveries implements Deliveries {
  private final Session session;

  JdbiDeliveries(Session session) {
    this.session = session;
  }

  @Override
  public List<Parcel> add(Collection<NewDelivery> deliveries, Duration lease) {
    return new Adding(session).add(deliveries, lease);
  }

  @Override
  public List<Parcel> claimDue(Claim claim) {
    return new Claiming(session).claim(claim);
  }

  @Override
  public Set<DeliveryId> lockLanes(Collection<DeliveryId> deliveries) {
    return new Lanes(session).lockFree(deliveries);
  }

  @Override
  public Settled settle(Collection<Settlement> settlements) {
    return new Settling(session).settle(settlements);
  }

  @Override
  public List<Parcel> freeNext(Set<LaneKey> lanes, Optional<Duration> lease) {
    return new Lanes(session).freeNext(lanes, lease);
  }

  @Override
  public void release(Collection<Lease> leases) {
    new Settling(session).release(leases);
  }

  @Override
  public Optional<Duration> untilNextDue() {
    return new Waiting(session).untilNextDue();
  }

  @Override
  public Optional<DeliveryDetail> find(AccountId account, DeliveryId id) {
    return new Finding(session).find(account, id);
  }

  @Override
  public Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    return new Listing(session).list(filter, page);
  }
}
