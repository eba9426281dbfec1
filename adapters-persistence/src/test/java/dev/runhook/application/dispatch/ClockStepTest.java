package dev.runhook.application.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The clock of the store steps back: a standby whose clock is late takes over, or a virtual
/// machine is restored. What is due must not wait for the clock to catch up.
class ClockStepTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @AutoClose private final PostgresStore postgres = new PostgresStore();

  enum Store {
    MEMORY,
    POSTGRES
  }

  private ApplicationFixture on(Store store) {
    return store == Store.MEMORY ? new ApplicationFixture() : new ApplicationFixture(postgres);
  }

  private static void record(ApplicationFixture app, String run) {
    app.createWebhook(1);
    app.journal(DispatchHandoff.none(), Runnable::run)
        .start(Samples.newRun(new RunId(Samples.DEMO, run)));
  }

  private static List<LeasedDelivery> claim(ApplicationFixture app, Duration lease) {
    return app.store.inTransaction(unit -> unit.deliveries().claimDue(ClaimRequest.of(lease, 10)));
  }

  @ParameterizedTest
  @EnumSource
  void a_delivery_that_was_never_attempted_is_due(Store store) {
    ApplicationFixture app = on(store);
    record(app, "run-1");

    app.clock.stepBack(Duration.ofMinutes(30));

    assertThat(claim(app, SECOND)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_lease_that_is_longer_than_any_has_ended(Store store) {
    ApplicationFixture app = on(store);
    record(app, "run-1");
    claim(app, Lease.MAX);

    app.clock.stepBack(Duration.ofMinutes(2));

    assertThat(claim(app, SECOND))
        .extracting(leased -> leased.lease().attempt())
        .containsExactly(2);
  }

  /// The transaction that began it can be a little younger than the one that claims.
  @ParameterizedTest
  @EnumSource
  void the_longest_lease_goes_on(Store store) {
    ApplicationFixture app = on(store);
    record(app, "run-1");
    claim(app, Lease.MAX);

    app.clock.stepBack(Duration.ofSeconds(30));

    assertThat(claim(app, SECOND)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_retry_that_waits_longer_than_any_is_due(Store store) {
    ApplicationFixture app = on(store);
    failOnce(app);

    app.clock.stepBack(Duration.ofDays(9));

    assertThat(claim(app, SECOND)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_retry_that_could_have_a_long_delay_waits(Store store) {
    ApplicationFixture app = on(store);
    failOnce(app);

    app.clock.stepBack(Duration.ofDays(1));

    assertThat(claim(app, SECOND)).isEmpty();
  }

  private static void failOnce(ApplicationFixture app) {
    app.respondWith(app.createWebhook(1), Outcome.Responded.of(500));
    app.startRun("run-1");
  }
}
