package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIT {
  private static final Map<String, String> SETTINGS =
      Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8", "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "8");
  private static final int RUNS = 40;

  @TempDir private Path folder;
  private ServerInstallation serverInstallation = new ServerInstallation(Path.of("."), Map.of());

  @BeforeEach
  void open() {
    serverInstallation = ServerInstallation.withPreparedDatabase(folder, SETTINGS);
  }

  @AfterEach
  void close() {
    serverInstallation.close();
  }

  @Test
  void a_commit_is_on_the_disk_when_it_is_acknowledged() throws SQLException {
    serverInstallation.serve();

    assertThat(shown("fsync")).isEqualTo("on");
    assertThat(shown("synchronous_commit")).isEqualTo("on");
    assertThat(shown("full_page_writes")).isEqualTo("on");
  }

  @Test
  void sigterm_ends_it_with_0_and_nothing_is_lost_or_sent_twice() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    try (RecordingReceiver receiver = RecordingReceiver.respondingAfter(gate)) {
      RunhookProcess server = serverInstallation.serve();
      ProcessHandle postmaster = serverInstallation.postmaster().orElseThrow();
      reportRuns(serverInstallation.client(server), receiver);
      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() > 0);

      server.sendSigterm();
      gate.countDown();
      int code = server.awaitExit();

      assertThat(code).as(server.allOutput()).isZero();
      assertThat(ServerInstallation.isRunning(postmaster)).isFalse();
      serverInstallation.serve();
      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() >= RUNS);
      assertThat(receiver.requests())
          .extracting(ReceivedRequest::run)
          .doesNotHaveDuplicates()
          .hasSize(RUNS);
      assertThat(receiver.requests()).extracting(ReceivedRequest::attempt).containsOnly(1);
    }
  }

  @Test
  void what_a_killed_process_left_behind_is_taken_over() throws IOException {
    RunhookProcess first = serverInstallation.serve();
    serverInstallation.client(first).putStack("kept");
    ProcessHandle postmaster = serverInstallation.postmaster().orElseThrow();

    first.kill();
    assertThat(ServerInstallation.isRunning(postmaster)).isTrue();
    RunhookProcess second = serverInstallation.serve();

    assertThat(serverInstallation.postmaster()).contains(postmaster);
    assertThat(serverInstallation.client(second).get("/stacks/kept").status()).isEqualTo(200);
    assertThat(second.terminate()).as(second.allOutput()).isZero();
    assertThat(ServerInstallation.isRunning(postmaster)).isFalse();
  }

  @Test
  void after_the_death_of_both_the_next_start_finds_everything() throws IOException {
    RunhookProcess first = serverInstallation.serve();
    serverInstallation.client(first).putStack("kept");

    first.kill();
    serverInstallation.killDatabase();
    RunhookProcess second = serverInstallation.serve();

    assertThat(serverInstallation.client(second).get("/stacks/kept").status()).isEqualTo(200);
  }

  @Test
  void a_database_that_dies_is_started_again_and_nothing_is_lost() throws IOException {
    try (RecordingReceiver receiver = RecordingReceiver.accepting()) {
      RunhookProcess server = serverInstallation.serve();
      ApiClient client = serverInstallation.client(server);
      client.putStack("kept");
      client.createWebhook("kept", receiver.url(), RecordingReceiver.SECRET);
      client.startRun("kept", "before").requireSuccess();

      serverInstallation.killDatabase();
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> client.startRun("kept", "after").status() < 300);

      assertThat(client.get("/stacks/kept/runs/before").status()).isEqualTo(200);
      assertThat(client.getWithoutToken("/health/ready").status()).isEqualTo(200);
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(
              () -> receiver.requests().stream().map(ReceivedRequest::run).distinct().count() == 2);
      assertThat(server.terminate()).as(server.allOutput()).isZero();
      assertThat(serverInstallation.postmaster()).isEmpty();
    }
  }

  private static void reportRuns(ApiClient client, RecordingReceiver receiver) throws IOException {
    client.putStack("kept");
    client.createWebhook("kept", receiver.url(), RecordingReceiver.SECRET);
    for (int run = 0; run < RUNS; run++) {
      client.startRun("kept", "run-" + run).requireSuccess();
    }
  }

  private String shown(String setting) throws SQLException {
    try (Connection connection = DriverManager.getConnection(serverInstallation.jdbcUrl());
        ResultSet rows = connection.createStatement().executeQuery("show " + setting)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
