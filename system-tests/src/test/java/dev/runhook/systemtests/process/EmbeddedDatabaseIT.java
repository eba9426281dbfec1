package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIT {
  private static final Map<String, String> SETTINGS =
      Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8", "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "8");
  private static final int RUNS = 40;

  @TempDir private static Path folderOfRunning;
  private static ServerInstallation running = new ServerInstallation(Path.of("."), Map.of());

  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  @BeforeAll
  static void serve() {
    running =
        ServerInstallation.withPreparedDatabase(
            folderOfRunning, Map.of("RUNHOOK_ENCRYPTION_KEY", "0f".repeat(32)));
    running.serve();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @BeforeEach
  void open() {
    installation = ServerInstallation.withPreparedDatabase(folder, SETTINGS);
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void the_embedded_database_is_durable() throws SQLException {
    assertThat(settingOf("fsync")).isEqualTo("on");
    assertThat(settingOf("synchronous_commit")).isEqualTo("on");
    assertThat(settingOf("full_page_writes")).isEqualTo("on");
  }

  @Test
  void only_the_role_of_the_server_can_connect_and_it_is_no_superuser() throws SQLException {
    String url = running.jdbcUrl();

    assertThat(query("select rolsuper from pg_roles where rolname = current_user")).isEqualTo("f");
    assertThatThrownBy(() -> query("copy (select 1) to program 'true'"))
        .hasMessageContaining("permission denied");
    for (String other :
        List.of(
            url.replaceFirst("password=.*", "password=guess"),
            url.replaceFirst("user=.*", "user=postgres"),
            url.replace("/runhook?", "/postgres?"))) {
      assertThatThrownBy(() -> DriverManager.getConnection(other).close())
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void the_postmaster_does_not_inherit_the_environment() throws IOException {
    Path environment = Path.of("/proc", "" + running.postmaster().orElseThrow().pid(), "environ");

    Prerequisite.require(Files.isReadable(environment), "needs to read " + environment);
    assertThat(Files.readString(environment)).doesNotContain("RUNHOOK").doesNotContain("PATH");
    assertThat(running.dataDirectory().resolve("postgres-password"))
        .satisfies(file ->
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------"));
  }

  @Test
  void sigterm_shuts_the_server_down_without_losing_or_duplicating_deliveries() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    try (RecordingReceiver receiver = RecordingReceiver.respondingAfter(gate)) {
      RunhookProcess server = installation.serve();
      ProcessHandle postmaster = installation.postmaster().orElseThrow();
      reportRuns(installation.client(server), receiver);
      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() > 0);

      server.sendSigterm();
      gate.countDown();
      int code = server.awaitExit();

      assertThat(code).as(server.allOutput()).isZero();
      assertThat(ServerInstallation.isRunning(postmaster)).isFalse();
      installation.serve();
      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() >= RUNS);
      assertThat(receiver.requests())
          .extracting(ReceivedRequest::run)
          .doesNotHaveDuplicates()
          .hasSize(RUNS);
      assertThat(receiver.requests()).extracting(ReceivedRequest::attempt).containsOnly(1);
    }
  }

  @Test
  void the_next_server_takes_over_the_database_of_a_killed_server() throws IOException {
    RunhookProcess first = installation.serve();
    installation.client(first).putStack("demo");
    ProcessHandle postmaster = installation.postmaster().orElseThrow();

    first.kill();
    assertThat(ServerInstallation.isRunning(postmaster)).isTrue();
    RunhookProcess second = installation.serve();

    assertThat(installation.postmaster()).contains(postmaster);
    assertThat(installation.client(second).get("/stacks/demo").status()).isEqualTo(200);
    assertThat(second.terminate()).as(second.allOutput()).isZero();
    assertThat(ServerInstallation.isRunning(postmaster)).isFalse();
  }

  @Test
  void the_next_server_recovers_after_a_server_and_its_database_were_killed() throws IOException {
    RunhookProcess first = installation.serve();
    installation.client(first).putStack("demo");

    first.kill();
    installation.killDatabase();
    RunhookProcess second = installation.serve();

    assertThat(installation.client(second).get("/stacks/demo").status()).isEqualTo(200);
  }

  @Test
  void a_killed_database_is_restarted_and_nothing_is_lost() throws IOException {
    try (RecordingReceiver receiver = RecordingReceiver.accepting()) {
      RunhookProcess server = installation.serve();
      ApiClient client = installation.client(server);
      client.putStack("demo");
      client.createWebhook("demo", receiver.url(), RecordingReceiver.SECRET);
      client.startRun("demo", "before").requireSuccess();

      installation.killDatabase();
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> client.startRun("demo", "after").status() < 300);

      assertThat(client.get("/stacks/demo/runs/before").status()).isEqualTo(200);
      assertThat(client.getWithoutToken("/health/ready").status()).isEqualTo(200);
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(
              () -> receiver.requests().stream().map(ReceivedRequest::run).distinct().count() == 2);
      assertThat(server.terminate()).as(server.allOutput()).isZero();
      assertThat(installation.postmaster()).isEmpty();
    }
  }

  private static void reportRuns(ApiClient client, RecordingReceiver receiver) throws IOException {
    client.putStack("demo");
    client.createWebhook("demo", receiver.url(), RecordingReceiver.SECRET);
    for (int run = 0; run < RUNS; run++) {
      client.startRun("demo", "run-" + run).requireSuccess();
    }
  }

  private String settingOf(String setting) throws SQLException {
    return query("show " + setting);
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(running.jdbcUrl());
        ResultSet rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
