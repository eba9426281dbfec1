package dev.runhook.testkit.contract;

import dev.runhook.application.spi.ClaimRequest;
import dev.runhook.application.spi.CompletedAttempt;
import dev.runhook.application.spi.CompletionResult;
import dev.runhook.application.spi.LaneKey;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.StoredDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes and settles the deliveries of a scene as the engine would.
final class DispatchSteps {
  static final Duration AN_HOUR = Duration.ofHours(1);
  private static final int MANY = 1000;

  private final ContractFixture fixture;

  private DispatchSteps(ContractFixture scene) {
    this.fixture = scene;
  }

  static DispatchSteps on(ContractFixture scene) {
    return new DispatchSteps(scene);
  }

  /// Claims what other tests left due, so that a limit counts this test's alone.
  static DispatchSteps afterDrainingOthers(ContractFixture scene) {
    DispatchSteps steps = new DispatchSteps(scene);
    List<LeasedDelivery> others;
    do {
      others = steps.claimAll(new ClaimRequest(AN_HOUR, MANY, MANY, Map.of()));
    } while (!others.isEmpty());
    return steps;
  }

  /// All that is due in the scene, leased for an hour.
  List<LeasedDelivery> claim() {
    return claim(AN_HOUR);
  }

  List<LeasedDelivery> claim(Duration lease) {
    return claimAll(new ClaimRequest(lease, MANY, MANY, Map.of())).stream()
        .filter(leased -> leased.webhook().stack().account().equals(fixture.account()))
        .toList();
  }

  List<LeasedDelivery> claimAll(ClaimRequest claimRequest) {
    return fixture.inTransaction(unit -> unit.deliveries().claimDue(claimRequest));
  }

  List<DeliveryId> claimIds() {
    return ids(claim());
  }

  static List<DeliveryId> ids(List<LeasedDelivery> parcels) {
    return parcels.stream().map(leased -> leased.lease().delivery()).toList();
  }

  /// Delivers what is due until nothing is.
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

  /// Settles and lets the lane go on, all in one unit.
  CompletionResult complete(LeasedDelivery leased, Outcome outcome, Disposition disposition) {
    return complete(completedAttempt(leased, outcome, disposition));
  }

  CompletionResult complete(CompletedAttempt completedAttempt) {
    return fixture.inTransaction(unit -> {
      unit.deliveries().tryLockLanes(Set.of(completedAttempt.lease().delivery()));
      CompletionResult result = unit.deliveries().complete(List.of(completedAttempt));
      unit.deliveries().promoteNext(result.unblockedLanes(), Optional.empty());
      return result;
    });
  }

  /// Settles and takes the next of the lane at once.
  List<LeasedDelivery> deliverAndLeaseNext(LeasedDelivery leased) {
    CompletedAttempt completedAttempt =
        completedAttempt(leased, Outcome.Responded.of(204), new Disposition.Delivered());
    return fixture.inTransaction(unit -> {
      unit.deliveries().tryLockLanes(Set.of(leased.lease().delivery()));
      Set<LaneKey> freed = unit.deliveries().complete(List.of(completedAttempt)).unblockedLanes();
      return unit.deliveries().promoteNext(freed, Optional.of(AN_HOUR));
    });
  }

  CompletedAttempt completedAttempt(
      LeasedDelivery leased, Outcome outcome, Disposition disposition) {
    Attempt attempt =
        new Attempt(leased.lease().attempt(), fixture.now(), Duration.ofMillis(250), outcome);
    return new CompletedAttempt(leased.lease(), attempt, disposition);
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
