package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.ClaimRequest;
import dev.runhook.application.spi.LeasedDelivery;
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

/// Recorders, takers and settlers at the same few lanes at once.
class LaneStressTest {
  private static final int RECORDERS = 3;
  private static final int TAKERS = 4;
  private static final int MOVES = 25;
  private static final String LANES_WITHOUT_HEAD =
      """
      select count(*) from (
        select webhook_id, run_id from runhook.delivery_queue
        group by webhook_id, run_id
        having count(due_at) <> 1
      ) broken
      """;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private final AtomicInteger recording = new AtomicInteger(RECORDERS);
  private final Set<DeliveryId> underWay = ConcurrentHashMap.newKeySet();
  private final Set<String> takenTwice = ConcurrentHashMap.newKeySet();

  @Test
  void no_lane_is_ever_left_without_a_head_and_nothing_is_taken_twice()
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
      IntStream.range(0, TAKERS)
          .forEach(seed -> all.add(executor.submit(() -> takeAndSettle(seed))));
      for (Future<?> one : all) {
        one.get();
      }
    }

    long added = (long) RECORDERS * MOVES * webhooks.size();
    assertThat(takenTwice).isEmpty();
    assertThat(POSTGRES.count("select count(*) from runhook.delivery_queue")).isZero();
    assertThat(POSTGRES.count("select count(*) from runhook.delivery")).isEqualTo(added);
    assertThat(POSTGRES.count(OUT_OF_ORDER)).isZero();
  }

  /// The deliveries of a lane that were finished before one of a lower version.
  private static final String OUT_OF_ORDER =
      """
      select count(*) from runhook.delivery a join runhook.delivery b using (webhook_id, run_id)
      where a.state_version < b.state_version and a.finished_at > b.finished_at
      """;

  private void record(List<Webhook> webhooks, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < MOVES; i++) {
      RunId run = new RunId(Samples.DEMO, "run-" + random.nextInt(3));
      POSTGRES
          .transactor()
          .run(unit ->
              webhooks.forEach(webhook -> StoreFixture.recordTransition(unit, webhook, run)));
    }
    recording.decrementAndGet();
  }

  private void takeAndSettle(int seed) {
    SplittableRandom random = new SplittableRandom(100 + seed);
    boolean more = true;
    while (more) {
      boolean last = recording.get() == 0;
      List<LeasedDelivery> parcels = take(random);
      parcels.forEach(leasedDelivery -> settle(leasedDelivery, random));
      assertThat(POSTGRES.count(LANES_WITHOUT_HEAD)).isZero();
      more =
          !last || !parcels.isEmpty() || POSTGRES.count("select count(*) from runhook.delivery_queue") > 0;
    }
  }

  private List<LeasedDelivery> take(SplittableRandom random) {
    ClaimRequest claimRequest =
        new ClaimRequest(StoreFixture.HOUR, 1 + random.nextInt(6), 1 + random.nextInt(4), Map.of());
    List<LeasedDelivery> parcels =
        POSTGRES.transactor().inTransaction(unit -> unit.deliveries().claimDue(claimRequest));
    for (LeasedDelivery leasedDelivery : parcels) {
      if (!underWay.add(leasedDelivery.lease().delivery())) {
        takenTwice.add(leasedDelivery.toString());
      }
    }
    return parcels;
  }

  private void settle(LeasedDelivery leasedDelivery, SplittableRandom random) {
    int chance = random.nextInt(10);
    underWay.remove(leasedDelivery.lease().delivery());
    if (chance == 0) {
      POSTGRES.transactor().run(unit -> unit.deliveries().release(List.of(leasedDelivery.lease())));
      return;
    }
    Disposition disposition =
        switch (chance) {
          case 1, 2 -> new Disposition.Retry(Duration.ZERO);
          case 3 -> new Disposition.Exhausted();
          default -> new Disposition.Delivered();
        };
    boolean settled = false;
    while (!settled) {
      settled =
          POSTGRES
              .transactor()
              .<Boolean>inTransaction(unit ->
                  StoreFixture.complete(unit, List.of(leasedDelivery), disposition).isEmpty());
    }
  }
}
