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

  private final ContractFixture contractFixture;

  private DispatchSteps(ContractFixture scene) {
    this.contractFixture = scene;
  }

  static DispatchSteps on(ContractFixture scene) {
    return new DispatchSteps(scene);
  }

  /// Claims what other tests left due, so that a limit counts this test's alone.
  static DispatchSteps afterDrainingOthers(ContractFixture scene) {
    DispatchSteps dispatchSteps = new DispatchSteps(scene);
    List<LeasedDelivery> others;
    do {
      others = dispatchSteps.claimAll(new ClaimRequest(AN_HOUR, MANY, MANY, Map.of()));
    } while (!others.isEmpty());
    return dispatchSteps;
  }

  /// All that is due in the scene, leased for an hour.
  List<LeasedDelivery> claim() {
    return claim(AN_HOUR);
  }

  List<LeasedDelivery> claim(Duration lease) {
    return claimAll(new ClaimRequest(lease, MANY, MANY, Map.of())).stream()
        .filter(leasedDelivery ->
            leasedDelivery.webhook().stack().account().equals(contractFixture.account()))
        .toList();
  }

  List<LeasedDelivery> claimAll(ClaimRequest claimRequest) {
    return contractFixture.inTransaction(unit -> unit.deliveries().claimDue(claimRequest));
  }

  List<DeliveryId> claimIds() {
    return ids(claim());
  }

  static List<DeliveryId> ids(List<LeasedDelivery> parcels) {
    return parcels.stream().map(leasedDelivery -> leasedDelivery.lease().delivery()).toList();
  }

  /// Delivers what is due until nothing is.
  void deliverAllDue() {
    for (List<LeasedDelivery> due = claim(); !due.isEmpty(); due = claim()) {
      due.forEach(this::deliver);
    }
  }

  CompletionResult deliver(LeasedDelivery leasedDelivery) {
    return complete(leasedDelivery, Outcome.Responded.of(204), new Disposition.Delivered());
  }

  CompletionResult retry(LeasedDelivery leasedDelivery, Duration delay) {
    return complete(leasedDelivery, Outcome.Responded.of(500), new Disposition.Retry(delay));
  }

  CompletionResult exhaust(LeasedDelivery leasedDelivery) {
    return complete(leasedDelivery, Outcome.Responded.of(500), new Disposition.Exhausted());
  }

  /// Settles and lets the lane go on, all in one unit.
  CompletionResult complete(
      LeasedDelivery leasedDelivery, Outcome outcome, Disposition disposition) {
    return complete(completedAttempt(leasedDelivery, outcome, disposition));
  }

  CompletionResult complete(CompletedAttempt completedAttempt) {
    return contractFixture.inTransaction(unit -> {
      unit.deliveries().tryLockLanes(Set.of(completedAttempt.lease().delivery()));
      CompletionResult completionResult = unit.deliveries().complete(List.of(completedAttempt));
      unit.deliveries().promoteNext(completionResult.unblockedLanes(), Optional.empty());
      return completionResult;
    });
  }

  /// Settles and takes the next of the lane at once.
  List<LeasedDelivery> deliverAndLeaseNext(LeasedDelivery leasedDelivery) {
    CompletedAttempt completedAttempt =
        completedAttempt(leasedDelivery, Outcome.Responded.of(204), new Disposition.Delivered());
    return contractFixture.inTransaction(unit -> {
      unit.deliveries().tryLockLanes(Set.of(leasedDelivery.lease().delivery()));
      Set<LaneKey> freed = unit.deliveries().complete(List.of(completedAttempt)).unblockedLanes();
      return unit.deliveries().promoteNext(freed, Optional.of(AN_HOUR));
    });
  }

  CompletedAttempt completedAttempt(
      LeasedDelivery leasedDelivery, Outcome outcome, Disposition disposition) {
    Attempt attempt =
        new Attempt(
            leasedDelivery.lease().attempt(),
            contractFixture.now(),
            Duration.ofMillis(250),
            outcome);
    return new CompletedAttempt(leasedDelivery.lease(), attempt, disposition);
  }

  void release(LeasedDelivery leasedDelivery) {
    contractFixture.inTransaction(unit -> {
      unit.deliveries().release(List.of(leasedDelivery.lease()));
      return leasedDelivery;
    });
  }

  StoredDelivery details(DeliveryId id) {
    return contractFixture.inTransaction(
        unit -> unit.deliveries().find(contractFixture.account(), id).orElseThrow());
  }
}
