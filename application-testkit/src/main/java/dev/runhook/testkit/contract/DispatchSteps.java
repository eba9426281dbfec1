package dev.runhook.testkit.contract;

import dev.runhook.application.spi.ByteLimits;
import dev.runhook.application.spi.Deliveries.ClaimRequest;
import dev.runhook.application.spi.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.Deliveries.CompletionResult;
import dev.runhook.application.spi.Deliveries.LaneKey;
import dev.runhook.application.spi.Deliveries.StoredDelivery;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Claims and completes the deliveries of a fixture as the dispatcher does.
final class DispatchSteps {
  static final Duration AN_HOUR = Duration.ofHours(1);
  private static final int UNLIMITED = 1000;

  private final ContractFixture fixture;

  private DispatchSteps(ContractFixture fixture) {
    this.fixture = fixture;
  }

  static DispatchSteps on(ContractFixture fixture) {
    return new DispatchSteps(fixture);
  }

  /// Claims everything that other tests left due, so that limits apply only to this test.
  static DispatchSteps afterDrainingOthers(ContractFixture fixture) {
    DispatchSteps steps = new DispatchSteps(fixture);
    List<LeasedDelivery> claimed;
    do {
      claimed =
          steps.claimAll(new ClaimRequest(AN_HOUR, UNLIMITED, UNLIMITED, UNLIMITED, Map.of()));
    } while (!claimed.isEmpty());
    return steps;
  }

  /// Claims all due deliveries of the fixture, with a lease of one hour.
  List<LeasedDelivery> claim() {
    return claim(AN_HOUR);
  }

  List<LeasedDelivery> claim(Duration lease) {
    return claimAll(new ClaimRequest(lease, UNLIMITED, UNLIMITED, UNLIMITED, Map.of())).stream()
        .filter(leased -> leased.webhook().stack().account().equals(fixture.account()))
        .toList();
  }

  List<LeasedDelivery> claimAll(ClaimRequest request) {
    return fixture.inTransaction(unit -> unit.deliveries().claimDue(request));
  }

  List<DeliveryId> claimIds() {
    return ids(claim());
  }

  static List<DeliveryId> ids(List<LeasedDelivery> deliveries) {
    return deliveries.stream().map(leased -> leased.lease().delivery()).toList();
  }

  /// Claims and delivers until nothing is due.
  void deliverAllDue() {
    for (List<LeasedDelivery> due = claim(); !due.isEmpty(); due = claim()) {
      due.forEach(this::deliver);
    }
  }

  CompletionResult deliver(LeasedDelivery leased) {
    return complete(leased, Outcome.Responded.of(204), new Disposition.Delivered());
  }

  CompletionResult retry(LeasedDelivery leased, Duration delay) {
    return complete(leased, Outcome.Responded.of(500), new Disposition.Retry(delay));
  }

  CompletionResult exhaust(LeasedDelivery leased) {
    return complete(leased, Outcome.Responded.of(500), new Disposition.Exhausted());
  }

  /// Completes the attempt and unblocks the lane, in one transaction.
  CompletionResult complete(LeasedDelivery leased, Outcome outcome, Disposition disposition) {
    return complete(completedAttempt(leased, outcome, disposition));
  }

  CompletionResult complete(CompletedAttempt attempt) {
    return fixture.inTransaction(unit -> {
      unit.deliveries().tryLock(List.of(attempt));
      CompletionResult result = unit.deliveries().complete(List.of(attempt));
      unit.deliveries().promoteNext(result.unblockedLanes(), Optional.empty(), ByteLimits.none());
      return result;
    });
  }

  /// Completes the attempt and leases the next delivery of the lane.
  List<LeasedDelivery> deliverAndLeaseNext(LeasedDelivery leased) {
    return deliverAndLeaseNext(leased, AN_HOUR, ByteLimits.none());
  }

  List<LeasedDelivery> deliverAndLeaseNext(LeasedDelivery leased, Duration lease) {
    return deliverAndLeaseNext(leased, lease, ByteLimits.none());
  }

  List<LeasedDelivery> deliverAndLeaseNext(LeasedDelivery leased, ByteLimits bytes) {
    return deliverAndLeaseNext(leased, AN_HOUR, bytes);
  }

  private List<LeasedDelivery> deliverAndLeaseNext(
      LeasedDelivery leased, Duration lease, ByteLimits bytes) {
    CompletedAttempt attempt =
        completedAttempt(leased, Outcome.Responded.of(204), new Disposition.Delivered());
    return fixture.inTransaction(unit -> {
      unit.deliveries().tryLock(List.of(attempt));
      Set<LaneKey> unblocked = unit.deliveries().complete(List.of(attempt)).unblockedLanes();
      return unit.deliveries().promoteNext(unblocked, Optional.of(lease), bytes);
    });
  }

  CompletedAttempt completedAttempt(
      LeasedDelivery leased, Outcome outcome, Disposition disposition) {
    Attempt result =
        new Attempt(leased.lease().attempt(), fixture.now(), Duration.ofMillis(250), outcome);
    return new CompletedAttempt(leased, result, disposition, 0);
  }

  void release(LeasedDelivery leased) {
    fixture.inTransaction(unit -> {
      unit.deliveries().release(List.of(leased.lease()));
      return leased;
    });
  }

  StoredDelivery details(DeliveryId id) {
    return fixture.inTransaction(
        unit -> unit.deliveries().find(fixture.account(), id).orElseThrow());
  }
}
