package dev.runhook.testkit.contract;

import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.LaneKey;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Settled;
import dev.runhook.application.spi.Settlement;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes and settles the deliveries of a scene as the engine would.
final class Claims {
  static final Duration AN_HOUR = Duration.ofHours(1);
  private static final int MANY = 1000;

  private final Scene scene;

  private Claims(Scene scene) {
    this.scene = scene;
  }

  static Claims on(Scene scene) {
    return new Claims(scene);
  }

  /// Claims what other tests left due, so that a limit counts this test's alone.
  static Claims alone(Scene scene) {
    Claims claims = new Claims(scene);
    List<Parcel> others;
    do {
      others = claims.claimAll(new Claim(AN_HOUR, MANY, MANY, Map.of()));
    } while (!others.isEmpty());
    return claims;
  }

  /// All that is due in the scene, leased for an hour.
  List<Parcel> claim() {
    return claim(AN_HOUR);
  }

  List<Parcel> claim(Duration lease) {
    return claimAll(new Claim(lease, MANY, MANY, Map.of())).stream()
        .filter(parcel -> parcel.webhook().stack().account().equals(scene.account()))
        .toList();
  }

  List<Parcel> claimAll(Claim claim) {
    return scene.in(unit -> unit.deliveries().claimDue(claim));
  }

  List<DeliveryId> claimIds() {
    return ids(claim());
  }

  static List<DeliveryId> ids(List<Parcel> parcels) {
    return parcels.stream().map(parcel -> parcel.lease().delivery()).toList();
  }

  /// Delivers what is due until nothing is.
  void deliverAll() {
    for (List<Parcel> due = claim(); !due.isEmpty(); due = claim()) {
      due.forEach(this::deliver);
    }
  }

  Settled deliver(Parcel parcel) {
    return settle(parcel, Outcome.Answered.of(204), new Fate.Delivered());
  }

  Settled retry(Parcel parcel, Duration delay) {
    return settle(parcel, Outcome.Answered.of(500), new Fate.Retried(delay));
  }

  Settled giveUp(Parcel parcel) {
    return settle(parcel, Outcome.Answered.of(500), new Fate.GivenUp());
  }

  /// Settles and lets the lane go on, all in one unit.
  Settled settle(Parcel parcel, Outcome outcome, Fate fate) {
    return settle(settlement(parcel, outcome, fate));
  }

  Settled settle(Settlement settlement) {
    return scene.in(unit -> {
      unit.deliveries().lockLanes(Set.of(settlement.lease().delivery()));
      Settled settled = unit.deliveries().settle(List.of(settlement));
      unit.deliveries().freeNext(settled.freed(), Optional.empty());
      return settled;
    });
  }

  /// Settles and takes the next of the lane at once.
  List<Parcel> deliverAndTakeNext(Parcel parcel) {
    Settlement settlement = settlement(parcel, Outcome.Answered.of(204), new Fate.Delivered());
    return scene.in(unit -> {
      unit.deliveries().lockLanes(Set.of(parcel.lease().delivery()));
      Set<LaneKey> freed = unit.deliveries().settle(List.of(settlement)).freed();
      return unit.deliveries().freeNext(freed, Optional.of(AN_HOUR));
    });
  }

  Settlement settlement(Parcel parcel, Outcome outcome, Fate fate) {
    Attempt attempt =
        new Attempt(parcel.lease().attempt(), scene.now(), Duration.ofMillis(250), outcome);
    return new Settlement(parcel.lease(), attempt, fate);
  }

  void release(Parcel parcel) {
    scene.in(unit -> {
      unit.deliveries().release(List.of(parcel.lease()));
      return parcel;
    });
  }

  DeliveryDetail find(DeliveryId id) {
    return scene.in(unit -> unit.deliveries().find(scene.account(), id).orElseThrow());
  }
}
