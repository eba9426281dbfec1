package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
  private Home home = new Home(Path.of("."), Map.of());

  @BeforeEach
  void open() {
    home = Home.furnished(folder, SETTINGS);
  }

  @AfterEach
  void close() {
    home.close();
  }

  @Test
  void a_commit_is_on_the_disk_when_it_is_acknowledged() throws SQLException {
    home.serve();

    assertThat(shown("fsync")).isEqualTo("on");
    assertThat(shown("synchronous_commit")).isEqualTo("on");
    assertThat(shown("full_page_writes")).isEqualTo("on");
  }

  @Test
  void sigterm_ends_it_with_0_and_nothing_is_lost_or_sent_twice() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    try (LoggedReceiver receiver = LoggedReceiver.answeringAfter(gate)) {
      RunhookProcess server = home.serve();
      ProcessHandle postmaster = home.postmaster().orElseThrow();
      reportRuns(home.client(server), receiver);
      await().atMost(RunhookProcess.PATIENCE).until(() -> receiver.count() > 0);

      server.signalToEnd();
      gate.countDown();
      int code = server.awaitExit();

      assertThat(code).as(server.everything()).isZero();
      assertThat(Home.runs(postmaster)).isFalse();
      home.serve();
      await().atMost(RunhookProcess.PATIENCE).until(() -> receiver.count() >= RUNS);
      assertThat(receiver.log()).extracting(Arrival::run).doesNotHaveDuplicates().hasSize(RUNS);
      assertThat(receiver.log()).extracting(Arrival::attempt).containsOnly(1);
    }
  }

  @Test
  void what_a_killed_process_left_behind_is_taken_over() throws IOException {
    RunhookProcess first = home.serve();
    home.client(first).registerStack("kept");
    ProcessHandle postmaster = home.postmaster().orElseThrow();

    first.kill();
    assertThat(Home.runs(postmaster)).isTrue();
    RunhookProcess second = home.serve();

    assertThat(home.postmaster()).contains(postmaster);
    assertThat(home.client(second).get("/stacks/kept").status()).isEqualTo(200);
    assertThat(second.terminate()).as(second.everything()).isZero();
    assertThat(Home.runs(postmaster)).isFalse();
  }

  @Test
  void after_the_death_of_both_the_next_start_finds_everything() throws IOException {
    RunhookProcess first = home.serve();
    home.client(first).registerStack("kept");

    first.kill();
    home.killDatabase();
    RunhookProcess second = home.serve();

    assertThat(home.client(second).get("/stacks/kept").status()).isEqualTo(200);
  }

  @Test
  void a_database_that_dies_is_started_again_and_nothing_is_lost() throws IOException {
    try (LoggedReceiver receiver = LoggedReceiver.accepting()) {
      RunhookProcess server = home.serve();
      ApiClient client = home.client(server);
      client.registerStack("kept");
      client.createWebhook("kept", receiver.url(), LoggedReceiver.SECRET);
      client.startRun("kept", "before").expectingSuccess();

      home.killDatabase();
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> client.startRun("kept", "after").status() < 300);

      assertThat(client.get("/stacks/kept/runs/before").status()).isEqualTo(200);
      assertThat(client.getOpen("/health/ready").status()).isEqualTo(200);
      await()
          .atMost(RunhookProcess.PATIENCE)
          .until(() -> receiver.log().stream().map(Arrival::run).distinct().count() == 2);
      assertThat(server.terminate()).as(server.everything()).isZero();
      assertThat(home.postmaster()).isEmpty();
    }
  }

  private static void reportRuns(ApiClient client, LoggedReceiver receiver) throws IOException {
    client.registerStack("kept");
    client.createWebhook("kept", receiver.url(), LoggedReceiver.SECRET);
    for (int run = 0; run < RUNS; run++) {
      client.startRun("kept", "run-" + run).expectingSuccess();
    }
  }

  private String shown(String setting) throws SQLException {
    try (Connection connection = DriverManager.getConnection(home.jdbcUrl());
        ResultSet rows = connection.createStatement().executeQuery("show " + setting)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
