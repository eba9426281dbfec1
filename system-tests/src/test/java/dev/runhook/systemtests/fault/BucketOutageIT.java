package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Buckets;
import dev.runhook.systemtests.fault.StackRequests.Answer;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each of the two databases with the buckets is killed and frozen under load, that of the home
/// bucket included. The stacks of the other one do not notice it.
class BucketOutageIT {
  private static final Buckets BUCKETS = new Buckets(4);

  /// It has no tables yet: those of `postgres` are for a single bucket.
  private static final String DATABASE = "buckets";

  private static final int REPORTERS = 2;

  /// Enough to take all turns of the account in the failed database, and all of its connections.
  private static final int CALLERS_OF_FAILED = 16;

  private static final int CALLERS = 2;
  private static final Duration PAUSE = Duration.ofMillis(FaultSuite.choose(40, 20));
  private static final Duration CALM = Duration.ofSeconds(FaultSuite.choose(3, 15));
  private static final Duration OUTAGE = Duration.ofSeconds(FaultSuite.choose(8, 30));

  /// What the p99 of the others may rise to even if it was very low before. A request that waits
  /// for a frozen database takes eight seconds. The short form runs at the same time as other
  /// tests.
  private static final long TOLERATED = Duration.ofMillis(FaultSuite.choose(4000, 250)).toNanos();

  /// Most responses about the health of the server are faster. Single ones wait for the other
  /// tests.
  private static final Duration MAX_HEALTH = Duration.ofSeconds(FaultSuite.choose(5, 2));

  private static final Duration MAX_REFUSAL = Duration.ofSeconds(FaultSuite.choose(5, 2));

  private final FaultSuite faultSuite = FaultSuite.of("BucketOutageIT");
  @TempDir private Path folder;

  /// @param known when servers must know that the database is down, and refuse requests at once
  private record Outage(String name, Runnable begin, Runnable end, Duration known) {
    static Outage killed(String name, PostgresServer database) {
      return new Outage(name, database::kill, database::start, Duration.ofSeconds(6));
    }

    /// Its connections break after eight seconds.
    static Outage frozen(String name, PostgresServer database) {
      return new Outage(name, database::pause, database::resume, Duration.ofSeconds(20));
    }
  }

  /// The stacks of one database, and the load on them.
  private record Side(
      String stack,
      String otherStack,
      ContinuousLoad reports,
      StackRequests requests,
      MeteredReceiver receiver) {}

  @Test
  void stacks_do_not_depend_on_the_database_of_others() throws Exception {
    try (PostgresServer first = new PostgresServer(directory("first").resolve("cluster"));
        PostgresServer second = new PostgresServer(directory("second").resolve("cluster"));
        ServerInstallation installation =
            installation(first.createDatabase(DATABASE), second.createDatabase(DATABASE));
        MeteredReceiver ofFirst = MeteredReceiver.accepting();
        MeteredReceiver ofSecond = MeteredReceiver.accepting()) {
      RunhookProcess server = installation.serve();
      ApiClient client = withStoredToken(server);
      try (ContinuousLoad firstReports = reports(server, client, 1, ofFirst);
          ContinuousLoad secondReports = reports(server, client, 3, ofSecond);
          StackRequests firstRequests = requests(client, 0);
          StackRequests secondRequests = requests(client, 2)) {
        Side one = new Side(stack(1), stack(0), firstReports, firstRequests, ofFirst);
        Side two = new Side(stack(3), stack(2), secondReports, secondRequests, ofSecond);
        survive(Outage.killed("killed", second), server, client, two, one);
        survive(Outage.frozen("frozen", second), server, client, two, one);
        survive(Outage.killed("killed, home", first), server, client, one, two);
        survive(Outage.frozen("frozen, home", first), server, client, one, two);

        for (Side side : List.of(one, two)) {
          long duplicates = FaultFixture.awaitAndVerify(side.receiver(), side.reports().stop());
          faultSuite.report(
              "lost 0, in order, %d duplicates; %s"
                  .formatted(duplicates, side.reports().summary()));
        }
      }
      assertThat(server.terminate()).as(server.allOutput()).isZero();
    }
  }

  @Test
  void exchanged_databases_are_refused() throws Exception {
    try (PostgresServer first = new PostgresServer(directory("first").resolve("cluster"));
        PostgresServer second = new PostgresServer(directory("second").resolve("cluster"))) {
      String x = first.createDatabase(DATABASE);
      String y = second.createDatabase(DATABASE);
      try (ServerInstallation right = installation(x, y)) {
        assertThat(right.serve().terminate()).isZero();
      }
      assertRefused(y, x, "the database of bucket 0 has the schema runhook_02");
      assertRefused(x, x, "bucket 2 (schema runhook_02) is not in its database");
      assertThat(schemas(x)).isEqualTo(schemas(y).replace("2", "0").replace("3", "1"));
    }
  }

  private void assertRefused(String first, String second, String reason) throws Exception {
    try (ServerInstallation wrong = installation(first, second)) {
      RunhookProcess server = wrong.start(Map.of(), "serve");
      assertThat(server.awaitExit()).as(server.allOutput()).isEqualTo(2);
      assertThat(server.allOutput()).contains(reason).contains("check the addresses");
    }
  }

  private void survive(
      Outage outage, RunhookProcess server, ApiClient client, Side failed, Side other)
      throws Exception {
    failed.reports().awaitAcknowledged(1);
    long startedAt = System.nanoTime();
    FaultSuite.letPass(CALM);
    int unavailable = other.reports().unavailableResponses();
    long failedAt = System.nanoTime();
    outage.begin().run();
    long endsAt = System.nanoTime() + OUTAGE.toNanos();
    StackRequests more = StackRequests.start(client, failed.otherStack(), CALLERS_OF_FAILED, PAUSE);
    List<Duration> health = new ArrayList<>();
    try (more) {
      while (System.nanoTime() - endsAt < 0) {
        health.add(requireHealthy(server));
        requireListed(client, other);
      }
    }
    long endedAt = System.nanoTime();
    Collections.sort(health);
    assertThat(health.get(health.size() / 2)).as("median of %s", health).isLessThan(MAX_HEALTH);
    outage.end().run();
    failed.reports().awaitAcknowledged(1);
    long recoveredAfter = System.nanoTime() - endedAt;

    List<Answer> answers = other.requests().between(failedAt, endedAt);
    Latencies before = latencies(other.requests().between(startedAt, failedAt));
    Latencies during = latencies(answers);
    faultSuite.report(
        "%s for %s: requests about the others before: %s; during: %s; its own reports again after %s"
            .formatted(
                outage.name(),
                FaultSuite.formatSeconds(endedAt - failedAt),
                before,
                during,
                FaultSuite.formatSeconds(recoveredAfter)));
    assertThat(failed.requests().between(failedAt + outage.known().toNanos(), endedAt))
        .as("its own requests")
        .allSatisfy(answer -> {
          assertThat(answer.status()).isEqualTo(503);
          assertThat(Duration.ofNanos(answer.nanos())).isLessThan(MAX_REFUSAL);
        });
    assertThat(answers).extracting(Answer::status).containsOnly(200, 201);
    assertThat(other.reports().unavailableResponses()).isEqualTo(unavailable);
    assertThat(during.percentile(99))
        .isLessThanOrEqualTo(Math.max(before.percentile(99) * 3 / 2, TOLERATED));
  }

  /// Returns how long the server took to say so.
  private static Duration requireHealthy(RunhookProcess server) throws Exception {
    long askedAt = System.nanoTime();
    assertThat(FaultFixture.isReady(server)).as(server.allOutput()).isTrue();
    return Duration.ofNanos(System.nanoTime() - askedAt);
  }

  /// The list of the account has what is reachable.
  private static void requireListed(ApiClient client, Side other) throws Exception {
    ApiClient.Response stacks = client.get("/stacks");
    assertThat(stacks.status()).as(stacks.body()).isEqualTo(200);
    assertThat(stacks.json().path("items").findValuesAsText("id"))
        .contains(other.stack(), other.otherStack());
  }

  private static ContinuousLoad reports(
      RunhookProcess server, ApiClient client, int bucket, MeteredReceiver receiver)
      throws IOException {
    FaultFixture.createWebhook(server, stack(bucket), receiver.url());
    return ContinuousLoad.start(
        new ContinuousLoad.Target(List.of(client), stack(bucket)), REPORTERS, PAUSE);
  }

  private static StackRequests requests(ApiClient client, int bucket) throws IOException {
    client.putStack(stack(bucket));
    return StackRequests.start(client, stack(bucket), CALLERS, PAUSE);
  }

  private static String stack(int bucket) {
    return FaultFixture.findStack(BUCKETS, bucket);
  }

  /// The configured token would work without any database.
  private static ApiClient withStoredToken(RunhookProcess server) throws IOException {
    String json = "{\"name\":\"ci\",\"role\":\"writer\"}";
    ApiClient.Response created = FaultFixture.client(server).post("/tokens", json);
    return new ApiClient(server.url(), created.requireSuccess().json().path("token").asText());
  }

  private ServerInstallation installation(String first, String second) throws IOException {
    Map<String, String> settings = new HashMap<>(FaultFixture.SETTINGS);
    settings.put("RUNHOOK_BUCKETS", Integer.toString(BUCKETS.count()));
    settings.put("RUNHOOK_BUCKET_URLS", "0-1=%s;2-3=%s".formatted(first, second));
    settings.put("RUNHOOK_ADMIN_TOKEN", FaultFixture.TOKEN);
    return new ServerInstallation(Files.createTempDirectory(folder, "server"), settings);
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  private static Latencies latencies(List<Answer> answers) {
    return new Latencies(answers.stream().map(Answer::nanos).toList());
  }

  private static String schemas(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select string_agg(nspname, ',' order by nspname) from pg_namespace"
                    + " where nspname like 'runhook%'")) {
      rows.next();
      return rows.getString(1);
    }
  }
}
