package dev.runhook.bootstrap.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runhook.bootstrap.process.RunhookProcess;
import dev.runhook.bootstrap.process.Suite;
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
  private final Suite suite = Suite.named("DiskFullIT");
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
    assumeTrue(Suite.isLong(), "in the long form alone: -Drunhook.suite=long");
    Files.createDirectories(disk());
    mounted = run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk().toString()) == 0;
    assumeTrue(mounted, "this user may not mount a tmpfs: run as root");

    try (BusyReceiver receiver = BusyReceiver.accepting();
        Site site = Site.open(folder, disk().resolve("cluster"), Site.SETTINGS)) {
      RunhookProcess server = site.serve();
      Site.attach(server, "faults", receiver.url());
      try (Load load = Load.on(Site.target("faults", List.of(server)), 4, Duration.ofMillis(10))) {
        load.awaitMore(100);
        String end = fill(site.postgres());
        await().atMost(Suite.patience()).until(() -> load.unavailable() > 0);
        boolean died = !site.postgres().isAlive();

        run("mount", "-o", "remount,size=1500m", disk().toString());
        long back = System.nanoTime();
        if (!site.postgres().isAlive()) {
          site.postgres().start();
          back = System.nanoTime();
        }
        load.awaitMore(1);
        Site.awaitReady(server, true);
        long healed = System.nanoTime() - back;
        List<String> runs = load.stop();
        long duplicates = Site.review(receiver, runs);

        suite.say(
            "disk full (%s; PostgreSQL %s): %s; lost 0, order kept, %d duplicates; healed %s after the disk was larger"
                .formatted(
                    end,
                    died ? "ended" : "lived on",
                    load.summary(),
                    duplicates,
                    Suite.seconds(healed)));
        assertThat(Duration.ofNanos(healed)).isLessThan(Duration.ofSeconds(20));
        assertThat(server.terminate()).as(server.everything()).isZero();
      }
    }
  }

  /// Writes until the disk is full; what PostgreSQL said.
  private static String fill(Postgres postgres) {
    try (Connection connection = postgres.connect();
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
