package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk of the database becomes full and is then enlarged. Runs only in the long form, because
/// it mounts a file system.
class DiskFullIT {
  private final FaultSuite faultSuite = FaultSuite.of("DiskFullIT");
  @TempDir private Path folder;
  private boolean mounted;

  @AfterEach
  void unmount() {
    if (mounted) {
      await().atMost(Duration.ofSeconds(30)).until(() -> run("umount", disk().toString()) == 0);
    }
  }

  @Test
  void acknowledged_transitions_survive_a_full_disk() throws Exception {
    assumeTrue(FaultSuite.isLong(), "runs only in the long form: -Drunhook.suite=long");
    Files.createDirectories(disk());
    mounted = run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk().toString()) == 0;
    Prerequisite.require(mounted, "cannot mount a tmpfs: run as root");

    try (MeteredReceiver receiver = MeteredReceiver.accepting();
        FaultFixture fixture =
            FaultFixture.open(folder, disk().resolve("cluster"), FaultFixture.SETTINGS)) {
      RunhookProcess server = fixture.startServer();
      FaultFixture.createWebhook(server, "faults", receiver.url());
      try (ContinuousLoad load =
          ContinuousLoad.start(
              FaultFixture.loadTarget("faults", List.of(server)), 4, Duration.ofMillis(10))) {
        load.awaitAcknowledged(100);
        String sqlState = fill(fixture.postgres());
        await().atMost(FaultSuite.timeout()).until(() -> load.unavailableResponses() > 0);
        boolean died = !fixture.postgres().isAlive();

        run("mount", "-o", "remount,size=1500m", disk().toString());
        long back = System.nanoTime();
        if (!fixture.postgres().isAlive()) {
          fixture.postgres().start();
          back = System.nanoTime();
        }
        load.awaitAcknowledged(1);
        FaultFixture.awaitReady(server, true);
        long recovered = System.nanoTime() - back;
        List<String> runs = load.stop();
        long duplicates = FaultFixture.awaitAndVerify(receiver, runs);

        faultSuite.report(
            "disk full (SQLSTATE %s; PostgreSQL %s): %s; lost 0, in order, %d duplicates; ready %s after the disk was enlarged"
                .formatted(
                    sqlState,
                    died ? "ended" : "kept running",
                    load.summary(),
                    duplicates,
                    FaultSuite.formatSeconds(recovered)));
        assertThat(Duration.ofNanos(recovered)).isLessThan(Duration.ofSeconds(20));
        assertThat(server.terminate()).as(server.allOutput()).isZero();
      }
    }
  }

  /// Writes until the disk is full and returns the SQLSTATE of the error.
  private static String fill(PostgresServer postgresServer) {
    try (Connection connection = postgresServer.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table ballast (bytes text)");
      statement.execute("alter table ballast alter column bytes set storage plain");
      while (true) {
        statement.execute(
            "insert into ballast select repeat('x', 7000) from generate_series(1, 300)");
      }
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  private Path disk() {
    return folder.resolve("disk");
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
