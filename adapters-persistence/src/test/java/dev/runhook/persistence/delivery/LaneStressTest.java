package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Room;
import dev.runhook.application.spi.delivery.SlotLimits;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Several recorders and dispatchers work on the same few lanes.
class LaneStressTest {
  private static final int RECORDERS = 3;
  private static final int DISPATCHERS = 4;
  private static final int TRANSITIONS = 25;
  private static final String LANES_WITHOUT_HEAD =
      """
      select count(*) from (
        select webhook_id, run_id from runhook.delivery_queue
        group by webhook_id, run_id
        having count(due_at) <> 1
      ) broken
      """;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private final AtomicInteger activeRecorders = new AtomicInteger(RECORDERS);
  private final Set<DeliveryId> inFlight = ConcurrentHashMap.newKeySet();
  private final Set<String> claimedTwice = ConcurrentHashMap.newKeySet();

  @Test
  void every_lane_always_has_a_head_and_no_delivery_is_claimed_twice()
      throws InterruptedException, ExecutionException {
    List<Webhook> webhooks = new ArrayList<>();
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          IntStream.range(0, 3)
              .forEach(number -> webhooks.add(StoreFixture.addWebhook(unit, number)));
          IntStream.range(0, 3).forEach(number -> StoreFixture.addRun(unit, "run-" + number));
        });

    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      IntStream.range(0, RECORDERS)
          .forEach(seed -> all.add(executor.submit(() -> record(webhooks, seed))));
      IntStream.range(0, DISPATCHERS)
          .forEach(seed -> all.add(executor.submit(() -> dispatch(seed))));
      for (Future<?> one : all) {
        one.get();
      }
    }

    long recorded = (long) RECORDERS * TRANSITIONS * webhooks.size();
    assertThat(claimedTwice).isEmpty();
    assertThat(POSTGRES.count("select count(*) from runhook.delivery_queue")).isZero();
    assertThat(POSTGRES.count("select count(*) from runhook.delivery")).isEqualTo(recorded);
    assertThat(POSTGRES.count(OUT_OF_ORDER)).isZero();
  }

  /// Counts deliveries that finished before a delivery of the same lane with a lower version.
  private static final String OUT_OF_ORDER =
      """
      select count(*) from runhook.delivery a join runhook.delivery b using (webhook_id, run_id)
      where a.state_version < b.state_version and a.finished_at > b.finished_at
      """;

  private void record(List<Webhook> webhooks, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < TRANSITIONS; i++) {
      RunId run = new RunId(Samples.DEMO, "run-" + random.nextInt(3));
      if (random.nextBoolean()) {
        POSTGRES
            .transactor()
            .run(unit ->
                webhooks.forEach(webhook -> StoreFixture.recordTransition(unit, webhook, run)));
      } else {
        webhooks.forEach(webhook -> recordAndSend(webhook, run, random));
      }
    }
    activeRecorders.decrementAndGet();
  }

  private void recordAndSend(Webhook webhook, RunId run, SplittableRandom random) {
    POSTGRES
        .transactor()
        .inTransaction(unit -> StoreFixture.recordAndLease(unit, webhook, run))
        .forEach(delivery -> {
          inFlight.add(delivery.lease().delivery());
          complete(delivery, random);
        });
  }

  private void dispatch(int seed) {
    SplittableRandom random = new SplittableRandom(100 + seed);
    boolean hasMore = true;
    while (hasMore) {
      boolean lastRound = activeRecorders.get() == 0;
      List<LeasedDelivery> claimed = claim(random);
      claimed.forEach(delivery -> complete(delivery, random));
      assertThat(POSTGRES.count(LANES_WITHOUT_HEAD)).isZero();
      hasMore =
          !lastRound
              || !claimed.isEmpty()
              || POSTGRES.count("select count(*) from runhook.delivery_queue") > 0;
    }
  }

  private List<LeasedDelivery> claim(SplittableRandom random) {
    int limit = 1 + random.nextInt(6);
    ClaimRequest request =
        new ClaimRequest(
            StoreFixture.HOUR,
            limit,
            new SlotLimits(1, 1 + random.nextInt(4), Long.MAX_VALUE),
            Room.of(limit, 0, 0),
            Map.of(),
            Map.of());
    List<LeasedDelivery> claimed =
        POSTGRES.transactor().inTransaction(unit -> unit.deliveries().claimDue(request));
    for (LeasedDelivery delivery : claimed) {
      if (!inFlight.add(delivery.lease().delivery())) {
        claimedTwice.add(delivery.toString());
      }
    }
    return claimed;
  }

  private void complete(LeasedDelivery delivery, SplittableRandom random) {
    int dice = random.nextInt(10);
    inFlight.remove(delivery.lease().delivery());
    if (dice == 0) {
      POSTGRES.transactor().run(unit -> unit.deliveries().release(List.of(delivery.lease())));
      return;
    }
    Disposition disposition =
        switch (dice) {
          case 1, 2 -> new Disposition.Retry(Duration.ZERO);
          case 3 -> new Disposition.Exhausted();
          default -> new Disposition.Delivered();
        };
    boolean completed = false;
    while (!completed) {
      completed =
          POSTGRES
              .transactor()
              .<Boolean>inTransaction(
                  unit -> StoreFixture.complete(unit, List.of(delivery), disposition).isEmpty());
    }
  }
}
