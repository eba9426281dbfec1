package dev.runhook.systemtests.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.Ports;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RetryingClient;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server and a receiver with an inbox are killed at random times under load. One of the stacks
/// has two webhooks with the same receiver, so each of its events is delivered at least twice.
class InboxIT {
  private static final List<String> STACKS = List.of("queue", "compute", "network", "database");
  private static final int REPORTERS = 8;
  private static final Pattern RECEIVING = Pattern.compile(InboxReceiver.READY);

  /// Nothing fails permanently or is paused while the receiver starts. What a killed server was
  /// sending is claimed again after 13 s.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "RUNHOOK_RETRY_SCHEDULE", "200ms" + ",200ms".repeat(499),
          "RUNHOOK_PAUSE_AFTER", "1000000",
          "RUNHOOK_TIMEOUT", "3s",
          "RUNHOOK_LEASE", "12s",
          "RUNHOOK_MAX_IN_FLIGHT", "32",
          "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "16",
          "RUNHOOK_ADMIN_TOKEN", "the-token-of-the-inbox-suite");

  private final FaultSuite faultSuite = FaultSuite.of("InboxIT");
  private final RandomGenerator random = faultSuite.random();
  private final int kills = FaultSuite.choose(2, 50);
  private final int runs = FaultSuite.choose(64, 12_500);
  private final int events = runs * ApiClient.STATES.size();
  private final RetryingClient client = new RetryingClient();
  @TempDir private Path folder;

  @Test
  void each_event_has_one_effect_in_order_even_if_server_and_receiver_are_killed()
      throws Exception {
    try (PostgresServer postgres = new PostgresServer(folder.resolve("postgres"));
        ServerInstallation installation = installation(postgres.url());
        Connection effects = createEffects(postgres)) {
      int port = Ports.findFree();
      List<String> receiverCommand = InboxReceiver.command(port, postgres.url("effects"));
      RunhookProcess receiver = receive(installation, receiverCommand);
      RunhookProcess server = installation.serve();
      createWebhooks(installation.client(server), "http://127.0.0.1:" + port);
      client.useServer(installation.client(server));

      try (ExecutorService reporters = Executors.newFixedThreadPool(REPORTERS)) {
        List<Future<?>> reports = report(reporters);
        List<Boolean> targets = new ArrayList<>(Collections.nCopies(kills, true));
        targets.addAll(Collections.nCopies(kills, false));
        Collections.shuffle(targets, random);
        for (boolean killsServer : targets) {
          int later = client.acknowledged() + random.nextInt(events / kills / 2);
          client.awaitAcknowledged(Math.min(later, events));
          if (killsServer) {
            server.kill();
            server = installation.serve();
            client.useServer(installation.client(server));
          } else {
            receiver.kill();
            receiver = receive(installation, receiverCommand);
          }
        }
        for (Future<?> report : reports) {
          report.get(FaultSuite.timeout().toSeconds(), TimeUnit.SECONDS);
        }
      }
      awaitDeliveries(postgres);

      faultSuite.report(results(postgres, effects));
      verify(effects);
    }
  }

  private ServerInstallation installation(String database) {
    Map<String, String> settings = new HashMap<>(FaultSuite.settings(SETTINGS));
    settings.put("RUNHOOK_DATABASE_URL", database);
    return new ServerInstallation(folder, settings);
  }

  private static Connection createEffects(PostgresServer postgres) throws SQLException {
    Connection connection = DriverManager.getConnection(postgres.createDatabase("effects"));
    try (Statement statement = connection.createStatement()) {
      statement.execute(InboxReceiver.EFFECTS);
    }
    InboxReceiver.inbox().createTables(connection);
    return connection;
  }

  private static RunhookProcess receive(ServerInstallation installation, List<String> command) {
    RunhookProcess receiver = installation.startCommand(command, Map.of());
    receiver.awaitLine(RECEIVING);
    return receiver;
  }

  private static void createWebhooks(ApiClient server, String receiver) throws IOException {
    for (String stack : STACKS) {
      server.putStack(stack);
      server.createWebhook(stack, receiver + "/first", RecordingReceiver.SECRET);
    }
    server.createWebhook(STACKS.getFirst(), receiver + "/second", RecordingReceiver.SECRET);
  }

  /// Each reporter has its own runs and reports a version of all of them before the next version.
  private List<Future<?>> report(ExecutorService reporters) {
    List<Future<?>> reports = new ArrayList<>();
    for (int i = 0; i < REPORTERS; i++) {
      int first = i;
      reports.add(
          reporters.submit(() -> {
            for (int version = 1; version <= ApiClient.STATES.size(); version++) {
              for (int run = first; run < runs; run += REPORTERS) {
                report(STACKS.get(run % STACKS.size()), "run-" + run, version);
              }
            }
          }));
    }
    return reports;
  }

  private void report(String stack, String run, int version) {
    client.callUntilAcknowledged(server -> server.recordVersion(stack, run, version));
  }

  private static void awaitDeliveries(PostgresServer postgres) throws SQLException {
    try (Connection connection = postgres.connect()) {
      await("all deliveries")
          .pollInterval(Duration.ofMillis(100))
          .atMost(FaultSuite.timeout())
          .until(() -> read(connection, "select count(*) from runhook.delivery_queue") == 0);
    }
  }

  private String results(PostgresServer postgres, Connection effects) throws SQLException {
    try (Connection connection = postgres.connect()) {
      return String.format(
          Locale.ROOT,
          "%d kills of the server, %d of the receiver; %,d events acknowledged (%,d calls retried),"
              + " %,d deliveries with %,d attempts, %,d effects of %,d events",
          kills,
          kills,
          client.acknowledged(),
          client.retries(),
          read(connection, "select count(*) from runhook.delivery where status = 'DELIVERED'"),
          read(connection, "select sum(attempts) from runhook.delivery"),
          read(effects, "select count(*) from effect"),
          read(effects, "select count(distinct event_id) from effect"));
    }
  }

  private void verify(Connection effects) throws SQLException {
    assertThat(read(effects, "select count(*) from effect")).isEqualTo(events);
    assertThat(read(effects, "select count(distinct event_id) from effect")).isEqualTo(events);
    assertThat(read(effects, "select count(distinct run) from effect")).isEqualTo(runs);
    assertThat(read(effects, "select count(*) from webhook_inbox_held")).isZero();
    assertThat(
            read(
                effects,
                """
                select count(*) from (
                  select version, row_number() over (partition by run order by seq) as position from effect) effects
                where version <> position
                """))
        .as("effects that are not in the order of their runs")
        .isZero();
  }

  private static long read(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
