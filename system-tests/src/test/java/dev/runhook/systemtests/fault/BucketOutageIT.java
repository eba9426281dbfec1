package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.application.spi.Buckets;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One of the two databases with the buckets fails under load.
class BucketOutageIT {
  private static final Buckets BUCKETS = new Buckets(4);
  private static final String STACK_OF_FIRST = FaultFixture.findStack(BUCKETS, 1);
  private static final String STACK_OF_SECOND = FaultFixture.findStack(BUCKETS, 3);

  /// It has no tables yet: those of `postgres` are for a single bucket.
  private static final String DATABASE = "buckets";

  private static final int CALLERS = 2;
  private static final Duration PAUSE = Duration.ofMillis(FaultSuite.choose(40, 10));
  private static final int SOME = FaultSuite.choose(40, 400);

  private final FaultSuite faultSuite = FaultSuite.of("BucketOutageIT");
  @TempDir private Path folder;

  @Test
  void the_buckets_of_the_other_database_continue_and_those_of_the_failed_one_recover()
      throws Exception {
    try (PostgresServer first = new PostgresServer(directory("first").resolve("cluster"));
        PostgresServer second = new PostgresServer(directory("second").resolve("cluster"));
        ServerInstallation installation =
            installation(first.createDatabase(DATABASE), second.createDatabase(DATABASE));
        MeteredReceiver ofFirst = MeteredReceiver.accepting();
        MeteredReceiver ofSecond = MeteredReceiver.accepting()) {
      RunhookProcess server = installation.serve();
      ApiClient client = FaultFixture.client(server);
      FaultFixture.createWebhook(server, STACK_OF_FIRST, ofFirst.url());
      FaultFixture.createWebhook(server, STACK_OF_SECOND, ofSecond.url());
      try (ContinuousLoad firstLoad = load(STACK_OF_FIRST, server);
          ContinuousLoad secondLoad = load(STACK_OF_SECOND, server)) {
        long loadedAt = System.nanoTime();
        firstLoad.awaitAcknowledged(SOME);
        secondLoad.awaitAcknowledged(SOME);
        long failedAt = System.nanoTime();
        second.kill();
        await().atMost(FaultSuite.timeout()).until(() -> secondLoad.unavailableResponses() > 0);
        firstLoad.awaitAcknowledged(SOME);
        assertThat(client.get("/stacks/" + STACK_OF_FIRST).status()).isEqualTo(200);
        assertThat(client.get("/stacks/" + STACK_OF_SECOND).isUnavailable()).isTrue();
        assertThat(client.get("/stacks").isUnavailable()).isTrue();
        assertThat(FaultFixture.isReady(server)).isTrue();
        FaultSuite.letPass(Duration.ofSeconds(FaultSuite.choose(5, 60)));
        second.start();
        long startedAt = System.nanoTime();
        secondLoad.awaitAcknowledged(1);
        long recoveredAfter = System.nanoTime() - startedAt;
        secondLoad.awaitAcknowledged(SOME);

        long duplicates =
            FaultFixture.awaitAndVerify(ofFirst, firstLoad.stop())
                + FaultFixture.awaitAndVerify(ofSecond, secondLoad.stop());
        faultSuite.report(
            "one of two databases down for %s: lost 0, in order, %d duplicates"
                    .formatted(FaultSuite.formatSeconds(startedAt - failedAt), duplicates)
                + "; its buckets: %s, first acknowledgement %s after it was back"
                    .formatted(secondLoad.summary(), FaultSuite.formatSeconds(recoveredAfter))
                + "; the others: %s; from the 201 to the receipt before: %s; meanwhile: %s"
                    .formatted(
                        firstLoad.summary(),
                        latencies(firstLoad, ofFirst, loadedAt, failedAt),
                        latencies(firstLoad, ofFirst, failedAt, startedAt)));
        assertThat(firstLoad.unavailableResponses()).isZero();
        assertThat(countStacks(first, 0, 1)).isEqualTo(1);
        assertThat(countStacks(second, 2, 3)).isEqualTo(1);
      }
      assertThat(server.terminate()).as(server.allOutput()).isZero();
    }
  }

  private ServerInstallation installation(String first, String second) throws IOException {
    Map<String, String> settings = new HashMap<>(FaultFixture.SETTINGS);
    settings.put("RUNHOOK_BUCKETS", Integer.toString(BUCKETS.count()));
    settings.put("RUNHOOK_BUCKET_URLS", "0-1=%s;2-3=%s".formatted(first, second));
    settings.put("RUNHOOK_ADMIN_TOKEN", FaultFixture.TOKEN);
    return new ServerInstallation(directory("server"), settings);
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  private static ContinuousLoad load(String stack, RunhookProcess server) {
    return ContinuousLoad.start(FaultFixture.loadTarget(stack, List.of(server)), CALLERS, PAUSE);
  }

  /// The latencies of the transitions that were acknowledged between the two times.
  private static Latencies latencies(
      ContinuousLoad load, MeteredReceiver receiver, long from, long to) {
    return Latencies.between(
        load.acknowledgedAt().entrySet().stream()
            .filter(entry -> entry.getValue() - from >= 0 && entry.getValue() - to < 0)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
        receiver.firstReceivedAt());
  }

  private static int countStacks(PostgresServer server, int... buckets) throws SQLException {
    int count = 0;
    try (Connection connection = DriverManager.getConnection(server.url(DATABASE));
        Statement statement = connection.createStatement()) {
      for (int bucket : buckets) {
        try (ResultSet rows =
            statement.executeQuery("select count(*) from runhook_0%d.stack".formatted(bucket))) {
          rows.next();
          count += rows.getInt(1);
        }
      }
    }
    return count;
  }
}
