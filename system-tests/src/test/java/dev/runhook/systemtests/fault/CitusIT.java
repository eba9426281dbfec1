package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.application.spi.Buckets;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// The buckets of an installation in a Citus cluster.
class CitusIT {
  private static final String CITUS_URL = "RUNHOOK_TEST_CITUS_URL";
  private static final Buckets BUCKETS = new Buckets(4);
  private static final int SOME = FaultSuite.choose(100, 400);

  private final FaultSuite faultSuite = FaultSuite.of("CitusIT");
  @TempDir private Path folder;

  @Test
  void a_database_without_citus_is_refused() throws IOException {
    try (ServerInstallation installation =
        ServerInstallation.withPreparedDatabase(folder, Map.of("RUNHOOK_BUCKETS", "1"))) {
      RunhookProcess undivided = installation.start(Map.of(), "citus", "distribute");
      assertThat(undivided.awaitExit()).isEqualTo(2);
      assertThat(undivided.err().text())
          .startsWith("runhook: RUNHOOK_BUCKETS is 1, and one bucket");
    }
    try (ServerInstallation installation =
        new ServerInstallation(
            Files.createDirectory(folder.resolve("divided")), Map.of("RUNHOOK_BUCKETS", "2"))) {
      RunhookProcess withoutCitus = installation.start(Map.of(), "citus", "distribute");
      assertThat(withoutCitus.awaitExit()).as(withoutCitus.allOutput()).isEqualTo(1);
      assertThat(withoutCitus.err().text())
          .contains(
              "runhook: the database has no Citus 12 or later; run \"create extension citus\"");
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = CITUS_URL, matches = ".+")
  void buckets_are_divided_over_the_nodes_and_deliver_under_load() throws Exception {
    String url = System.getenv(CITUS_URL);
    dropSchemas(url);
    Map<String, String> settings = new HashMap<>(FaultFixture.SETTINGS);
    settings.put("RUNHOOK_BUCKETS", Integer.toString(BUCKETS.count()));
    settings.put("RUNHOOK_DATABASE_URL", url);
    settings.put("RUNHOOK_ALLOW_UNSAFE_DATABASE", "true");
    settings.put("RUNHOOK_ADMIN_TOKEN", FaultFixture.TOKEN);
    List<MeteredReceiver> receivers = new ArrayList<>();
    List<ContinuousLoad> loads = new ArrayList<>();
    try (ServerInstallation installation = new ServerInstallation(folder, settings)) {
      List<String> nodes = distribute(installation);
      assertThat(distribute(installation)).isEqualTo(nodes);
      RunhookProcess server = installation.serve();
      for (String stack : stacks()) {
        // some attempts are retried, so that deliveries are claimed from the queue
        MeteredReceiver receiver =
            MeteredReceiver.respondingWith(index -> index % 20 == 7 ? 500 : 204);
        receivers.add(receiver);
        FaultFixture.createWebhook(server, stack, receiver.url());
        loads.add(
            ContinuousLoad.start(
                FaultFixture.loadTarget(stack, List.of(server)), 1, Duration.ofMillis(10)));
      }
      for (ContinuousLoad load : loads) {
        load.awaitAcknowledged(SOME);
      }
      long duplicates = 0;
      for (int bucket = 0; bucket < BUCKETS.count(); bucket++) {
        duplicates += FaultFixture.awaitAndVerify(receivers.get(bucket), loads.get(bucket).stop());
      }
      awaitNothingPending(server);
      faultSuite.report(
          "Citus: nodes %s; lost 0, in order, %d duplicates; rows of deliveries by bucket %s"
              .formatted(nodes, duplicates, deliveries(url)));
      assertThat(deliveries(url)).doesNotContain(0L);
      assertThat(server.terminate()).as(server.allOutput()).isZero();
    } finally {
      loads.forEach(ContinuousLoad::close);
      receivers.forEach(MeteredReceiver::close);
    }
  }

  private static List<String> distribute(ServerInstallation installation) {
    RunhookProcess process = installation.start(Map.of(), "citus", "distribute");
    assertThat(process.awaitExit()).as(process.allOutput()).isZero();
    List<String> lines = process.out().lines();
    assertThat(lines)
        .hasSize(BUCKETS.count())
        .first()
        .asString()
        .matches("runhook_00 +[^ ]+:[0-9]+");
    List<String> nodes = lines.stream().map(line -> line.replaceAll(".* ", "")).toList();
    assertThat(nodes.stream().distinct()).as("nodes").hasSizeGreaterThan(1);
    return nodes;
  }

  private static List<String> stacks() {
    return IntStream.range(0, BUCKETS.count())
        .mapToObj(bucket -> FaultFixture.findStack(BUCKETS, bucket))
        .toList();
  }

  private static void awaitNothingPending(RunhookProcess server) {
    ApiClient client = FaultFixture.client(server);
    await()
        .atMost(FaultSuite.timeout())
        .until(() -> client.get("/deliveries?status=pending").json().path("items").isEmpty());
  }

  private static List<Long> deliveries(String url) throws SQLException {
    List<Long> counts = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (int bucket = 0; bucket < BUCKETS.count(); bucket++) {
        try (ResultSet rows =
            statement.executeQuery("select count(*) from runhook_0%d.delivery".formatted(bucket))) {
          rows.next();
          counts.add(rows.getLong(1));
        }
      }
    }
    return counts;
  }

  private static void dropSchemas(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      List<String> names = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "select nspname from pg_namespace where nspname ~ '^runhook(_[0-9]{2})?$'")) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
      for (String name : names) {
        statement.execute("drop schema " + name + " cascade");
      }
    }
  }
}
