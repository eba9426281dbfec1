package dev.runhook.bootstrap.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.bootstrap.observe.DatabaseMonitor.MonitoredDatabase;
import dev.runhook.http.server.Readiness.Check;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class ServerReadinessTest {
  private static final Check UNREACHABLE = new Check("database", false, "unreachable");

  private Optional<String> problem = Optional.empty();
  private boolean firstIsUp;
  private boolean secondIsUp;
  private final ServerReadiness readiness =
      new ServerReadiness(List.of(database("", () -> firstIsUp)), () -> problem);

  private static DatabaseMonitor database(String suffix, BooleanSupplier isUp) {
    return new DatabaseMonitor(
        new MonitoredDatabase(
            1,
            suffix,
            false,
            () -> {
              if (!isUp.getAsBoolean()) {
                throw new StoreUnavailableException("down");
              }
              return true;
            },
            () -> {
              throw new StoreUnavailableException("down");
            },
            List::of),
        new AcknowledgedTransitions(() -> 0),
        new InMemoryTransactor(SettableClock.atNoon()),
        new PrometheusMetrics("1.2.3").registry());
  }

  @Test
  void a_server_is_not_ready_until_it_has_started() {
    assertThat(readiness.checks())
        .containsExactly(new Check("server", false, "starting; waiting for the database"));

    readiness.start();

    assertThat(readiness.checks())
        .containsExactly(new Check("server", true, "running"), UNREACHABLE);
  }

  @Test
  void a_server_that_shuts_down_is_not_ready() {
    readiness.start();

    readiness.drain();

    assertThat(readiness.checks())
        .containsExactly(new Check("server", false, "shutting down"), UNREACHABLE);
  }

  @Test
  void a_server_whose_loop_has_stopped_is_not_ready() {
    readiness.start();

    problem = Optional.of("no progress of runhook-dispatch");

    assertThat(readiness.checks())
        .containsExactly(
            new Check("server", false, "no progress of runhook-dispatch"), UNREACHABLE);
  }

  @Test
  void one_of_several_databases_suffices() {
    ServerReadiness several =
        new ServerReadiness(
            List.of(database("-1", () -> firstIsUp), database("-2", () -> secondIsUp)),
            () -> problem);
    several.start();

    assertThat(several.isReady(several.checks())).isFalse();

    secondIsUp = true;
    assertThat(several.checks())
        .containsExactly(
            new Check("server", true, "running"),
            new Check("database-1", false, "unreachable"),
            new Check("database-2", true, "reachable"),
            new Check("schema-2", true, "exists"));
    assertThat(several.isReady(several.checks())).isTrue();

    several.drain();
    assertThat(several.isReady(several.checks())).isFalse();
  }

  @Test
  void the_only_database_must_respond() {
    readiness.start();
    assertThat(readiness.isReady(readiness.checks())).isFalse();

    firstIsUp = true;
    assertThat(readiness.isReady(readiness.checks())).isTrue();
  }
}
