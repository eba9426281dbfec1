package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
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

/// The database's disk is full, and made larger. In the long form alone, for it mounts a file
/// system.
class DiskFullIT {
  private final FaultSuite faultSuite = FaultSuite.named("DiskFullIT");
  @TempDir private Path folder;
  private boolean mounted;

  @AfterEach
  void unmount() {
    if (mounted) {
      await().atMost(Duration.ofSeconds(30)).until(() -> run("umount", disk().toString()) == 0);
    }
  }

  @Test
  void what_was_acknowledged_outlives_a_full_disk() throws Exception {
    assumeTrue(FaultSuite.isLong(), "in the long form alone: -Drunhook.suite=long");
    Files.createDirectories(disk());
    mounted = run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk().toString()) == 0;
    assumeTrue(mounted, "this user may not mount a tmpfs: run as root");

    try (MeteredReceiver receiver = MeteredReceiver.accepting();
        FaultFixture faultFixture =
            FaultFixture.open(folder, disk().resolve("cluster"), FaultFixture.SETTINGS)) {
      RunhookProcess server = faultFixture.startServer();
      FaultFixture.createWebhook(server, "faults", receiver.url());
      try (ContinuousLoad continuousLoad =
          ContinuousLoad.start(
              FaultFixture.loadTarget("faults", List.of(server)), 4, Duration.ofMillis(10))) {
        continuousLoad.awaitAcknowledged(100);
        String end = fill(faultFixture.postgres());
        await().atMost(FaultSuite.timeout()).until(() -> continuousLoad.unavailableResponses() > 0);
        boolean died = !faultFixture.postgres().isAlive();

        run("mount", "-o", "remount,size=1500m", disk().toString());
        long back = System.nanoTime();
        if (!faultFixture.postgres().isAlive()) {
          faultFixture.postgres().start();
          back = System.nanoTime();
        }
        continuousLoad.awaitAcknowledged(1);
        FaultFixture.awaitReady(server, true);
        long healed = System.nanoTime() - back;
        List<String> runs = continuousLoad.stop();
        long duplicates = FaultFixture.awaitAndVerify(receiver, runs);

        faultSuite.report(
            "disk full (%s; PostgreSQL %s): %s; lost 0, order kept, %d duplicates; healed %s after the disk was larger"
                .formatted(
                    end,
                    died ? "ended" : "lived on",
                    continuousLoad.summary(),
                    duplicates,
                    FaultSuite.formatSeconds(healed)));
        assertThat(Duration.ofNanos(healed)).isLessThan(Duration.ofSeconds(20));
        assertThat(server.terminate()).as(server.allOutput()).isZero();
      }
    }
  }

  /// Writes until the disk is full; what PostgreSQL said.
  private static String fill(RestartablePostgres restartablePostgres) {
    try (Connection connection = restartablePostgres.connect();
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
