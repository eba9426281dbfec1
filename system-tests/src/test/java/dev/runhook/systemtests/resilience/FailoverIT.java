package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The primary of a replicated database is lost under load.
@SuppressWarnings("NullAway.Init")
class FailoverIT {
  private static final int SOME = 75;

  private final FaultSuite faultSuite = FaultSuite.of("FailoverIT");
  @TempDir private Path folder;
  private FailoverFixture fixture;

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void acknowledged_transitions_survive_the_loss_of_the_primary() throws Exception {
    open(ReplicatedDatabase.QUORUM);

    DeliveryCounts counts = fixture.replacePrimary("primary killed", 1, this::killPrimary);

    assertThat(counts.duplicates()).isLessThanOrEqualTo(FailoverFixture.MAX_DUPLICATES);
  }

  @Test
  void they_survive_it_if_the_standbys_had_lost_their_connection_before() throws Exception {
    open(ReplicatedDatabase.QUORUM);

    DeliveryCounts counts =
        fixture.replacePrimary(
            "links of the standbys cut and primary killed",
            1,
            () -> {
              fixture.database().cutLinks();
              FaultSuite.letPass(Duration.ofMillis(600));
              killPrimary();
            });

    assertThat(counts.duplicates()).isLessThanOrEqualTo(FailoverFixture.MAX_DUPLICATES);
  }

  @Test
  void a_frozen_primary_that_continues_after_its_replacement_acknowledges_nothing()
      throws Exception {
    open(ReplicatedDatabase.QUORUM);

    DeliveryCounts counts =
        fixture.replacePrimary(
            "primary frozen, replaced, thawed for a while and killed", 1, this::freezePrimary);

    assertThat(counts.duplicates()).isLessThanOrEqualTo(FailoverFixture.MAX_DUPLICATES);
  }

  @Test
  void asynchronous_replication_is_refused_and_its_losses_are_reported() throws Exception {
    open("");
    ServerInstallation unsafe =
        fixture.installation(Map.of("RUNHOOK_ALLOW_UNSAFE_DATABASE", "true"));

    RunhookProcess refused = fixture.installation(Map.of()).start(Map.of(), "serve");
    assertThat(refused.awaitExit()).isEqualTo(2);
    assertThat(refused.allOutput())
        .contains("the database has synchronous_standby_names empty")
        .contains("'ANY 1 (*)'");

    RunhookProcess server = unsafe.serve();
    ApiClient client = unsafe.client(server);
    client.putStack("demo");
    client.startRun("demo", "a-run").requireSuccess();
    fixture.database().cutLinks();
    client.recordTransition("demo", "a-run", "PLANNING", 2).requireSuccess();
    killPrimary();

    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> server.allOutput().contains("the database has lost acknowledged transitions"));
    assertThat(server.allOutput()).contains("version 2 of run a-run of stack demo");
    assertThat(client.getWithoutToken("/metrics").body())
        .contains("runhook_database_lost_transitions_total{database=\"1\"} 1.0");
  }

  private void open(String synchronousStandbyNames) {
    fixture = new FailoverFixture(folder, faultSuite, synchronousStandbyNames);
  }

  private void killPrimary() {
    fixture.database().primary().kill();
    fixture.database().promote();
  }

  /// A cluster manager would fence the previous primary when it continues; here it is killed.
  private void freezePrimary() {
    PostgresServer previous = fixture.database().primary();
    previous.pause();
    FaultSuite.letPass(Duration.ofSeconds(1));
    fixture.database().promote();
    fixture.awaitAcknowledged(SOME);
    previous.resume();
    FaultSuite.letPass(Duration.ofSeconds(1));
    fixture.awaitAcknowledged(SOME);
    previous.kill();
  }
}
