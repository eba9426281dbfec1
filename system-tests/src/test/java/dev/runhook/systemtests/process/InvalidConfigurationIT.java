package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.Ports;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that can never start reports the reason in one line and exits with code 2. It waits for
/// what can change: the database, and the port unless a user has started it on a terminal.
class InvalidConfigurationIT {
  @TempDir private static Path folderOfRunning;
  private static ServerInstallation running = new ServerInstallation(Path.of("."), Map.of());
  private static ApiClient client = new ApiClient("", "");

  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  @BeforeAll
  static void serve() {
    running = ServerInstallation.withPreparedDatabase(folderOfRunning, Map.of());
    client = running.client(running.serve());
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @BeforeEach
  void open() {
    installation = ServerInstallation.withPreparedDatabase(folder, Map.of());
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void each_invalid_setting_is_reported_in_one_line() {
    RunhookProcess process =
        installation.start(Map.of("RUNHOOK_PORT", "http", "RUNHOOK_TIMEOUT", "soon"), "serve");

    assertThat(process.awaitExit()).isEqualTo(2);
    assertThat(process.err().lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("runhook: RUNHOOK_PORT must be "))
        .anyMatch(line -> line.startsWith("runhook: RUNHOOK_TIMEOUT must be "));
    assertThat(process.out().lines()).isEmpty();
  }

  @Test
  void an_invalid_certificate_file_or_proxy_is_reported_without_its_value() throws IOException {
    Path noPem = Files.writeString(folder.resolve("ca.der"), "no certificate, hush");
    RunhookProcess missing =
        installation.start(
            Map.of("RUNHOOK_EXTRA_CA_FILE", folder.resolve("none.pem").toString()), "serve");
    RunhookProcess other =
        installation.start(Map.of("RUNHOOK_EXTRA_CA_FILE", noPem.toString()), "serve");
    RunhookProcess proxy =
        installation.start(
            Map.of("RUNHOOK_EGRESS_PROXY", "http://user:hush@proxy.example.com"), "serve");

    assertOneLine(
        missing, "runhook: RUNHOOK_EXTRA_CA_FILE must name a PEM file of at most 4 MiB, not ");
    assertOneLine(other, "runhook: RUNHOOK_EXTRA_CA_FILE names a file without a certificate; ");
    assertOneLine(
        proxy,
        "runhook: RUNHOOK_EGRESS_PROXY must be http://host:port or http://user:password@host:port");
  }

  private static void assertOneLine(RunhookProcess process, String start) {
    assertThat(process.awaitExit()).isEqualTo(2);
    assertThat(process.err().lines()).singleElement().asString().startsWith(start);
    assertThat(process.allOutput()).doesNotContain("hush");
  }

  @Test
  void a_properties_file_in_the_working_directory_is_read() throws IOException {
    Files.writeString(folder.resolve("runhook.properties"), "runhook.log.format=xml\n");

    RunhookProcess process = installation.start(Map.of(), "serve");

    assertThat(process.awaitExit()).isEqualTo(2);
    assertThat(process.err().lines())
        .singleElement()
        .asString()
        .startsWith("runhook: RUNHOOK_LOG_FORMAT ");
  }

  @Test
  void the_config_command_prints_the_effective_settings() {
    RunhookProcess right =
        installation.start(
            Map.of("RUNHOOK_PORT", "8081", "RUNHOOK_ADMIN_TOKEN", "hush-4Kx9vQ2m-hush-7Tz1-hush"),
            "config");
    RunhookProcess wrong = installation.start(Map.of("RUNHOOK_PORT", "http"), "config");

    assertThat(right.awaitExit()).isZero();
    assertThat(right.out().lines())
        .anyMatch(line -> line.matches("RUNHOOK_PORT +8081 +environment"))
        .anyMatch(line -> line.matches("RUNHOOK_ADMIN_TOKEN +… +environment"))
        .anyMatch(line -> line.matches("RUNHOOK_DATABASE_URL +- +default"));
    assertThat(right.allOutput()).doesNotContain("hush");
    assertThat(wrong.awaitExit()).isEqualTo(2);
    assertThat(wrong.err().lines())
        .singleElement()
        .asString()
        .startsWith("runhook: RUNHOOK_PORT must be ");
    assertThat(wrong.out().lines()).isEmpty();
  }

  @Test
  void a_data_directory_of_another_major_version_is_rejected_and_not_changed() throws IOException {
    Files.createDirectories(installation.postgresDirectory());
    Files.writeString(installation.postgresDirectory().resolve("PG_VERSION"), "17\n");

    RunhookProcess process = installation.start(Map.of(), "serve");

    assertThat(process.awaitExit()).isEqualTo(2);
    assertRefused(process, "was created by PostgreSQL 17, but this version uses 18");
    assertThat(installation.postgresDirectory().toFile().list()).containsExactly("PG_VERSION");
  }

  @Test
  void a_second_server_on_a_data_directory_is_rejected_and_the_first_one_continues()
      throws IOException {
    RunhookProcess second = running.start(Map.of(), "serve");

    assertThat(second.awaitExit()).isEqualTo(2);
    assertRefused(second, "is in use by another Runhook");
    assertThat(client.get("/stacks").status()).isEqualTo(200);
  }

  @Test
  void a_port_in_use_is_retried_before_anything_is_stored() throws IOException {
    RunhookProcess process;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      process =
          installation.start(
              Map.of("RUNHOOK_PORT", Integer.toString(taken.getLocalPort())), "serve");
      process.awaitLogLine(
          Pattern.compile(
              "RUNHOOK_PORT: cannot listen on 127.0.0.1:%d .*; retrying"
                  .formatted(taken.getLocalPort())));
      assertThat(installation.dataDirectory()).doesNotExist();
    }

    assertThat(installation.client(process.awaitReady()).get("/stacks").status()).isEqualTo(200);
  }

  @Test
  void a_port_in_use_ends_a_start_on_a_terminal() throws IOException {
    Prerequisite.require(
        Files.isExecutable(Path.of("/usr/bin/script")), "needs script of util-linux");
    String serve = String.join(" ", RunhookProcess.command()) + " serve";
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      RunhookProcess process =
          installation.startCommand(
              List.of("/usr/bin/script", "-qec", serve, "/dev/null"),
              Map.of("RUNHOOK_PORT", Integer.toString(taken.getLocalPort())));

      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.out().lines())
          .singleElement()
          .asString()
          .startsWith(
              "runhook: RUNHOOK_PORT: cannot listen on 127.0.0.1:" + taken.getLocalPort() + " ");
      assertThat(installation.dataDirectory()).doesNotExist();
    }
  }

  @Test
  void a_host_that_is_not_local_is_rejected_before_anything_is_stored() {
    Path untouched = folder.resolve("untouched");
    RunhookProcess unknown =
        installation.start(startAt("no-such-name.invalid", untouched), "serve");
    RunhookProcess elsewhere = installation.start(startAt("203.0.113.7", untouched), "serve");

    assertOneLine(unknown, "runhook: RUNHOOK_HOST: cannot listen on \"no-such-name.invalid\", ");
    assertOneLine(elsewhere, "runhook: RUNHOOK_HOST: cannot listen on \"203.0.113.7\", ");
    assertThat(untouched).doesNotExist();
  }

  private static Map<String, String> startAt(String host, Path dataFolder) {
    return Map.of(
        "RUNHOOK_HOST", host, "RUNHOOK_PORT", "0", "RUNHOOK_DATA_DIR", dataFolder.toString());
  }

  @Test
  void a_server_is_live_and_not_ready_until_the_database_is_reachable() throws IOException {
    int databasePort = Ports.findFree();
    int port = Ports.findFree();
    RunhookProcess process =
        installation.start(
            Map.of(
                "RUNHOOK_PORT",
                Integer.toString(port),
                "RUNHOOK_DATABASE_URL",
                "postgresql://postgres:hush@127.0.0.1:" + databasePort + "/postgres"),
            "serve");
    process.awaitLogLine(Pattern.compile("the database at .* is unreachable: .*; retrying"));
    ApiClient client = new ApiClient("http://127.0.0.1:" + port, installation.token());

    assertThat(client.getWithoutToken("/health/live").status()).isEqualTo(200);
    assertThat(client.getWithoutToken("/health/ready").status()).isEqualTo(503);
    assertThat(client.get("/stacks").status()).isEqualTo(503);
    try (PostgresServer _ =
        new PostgresServer(folder.resolve("external"), databasePort, false, List.of())) {
      process.awaitReady();
      assertThat(client.getWithoutToken("/health/ready").status()).isEqualTo(200);
      assertThat(client.get("/stacks").status()).isEqualTo(200);
      assertThat(process.terminate()).isZero();
    }
    assertThat(process.allOutput()).doesNotContain("hush");
  }

  @Test
  void a_server_that_waits_for_the_database_stops_at_once() throws IOException {
    String url = "postgresql://127.0.0.1:" + Ports.findFree() + "/runhook";
    RunhookProcess process = installation.start(Map.of("RUNHOOK_DATABASE_URL", url), "serve");
    process.awaitLogLine(Pattern.compile("is unreachable"));

    assertThat(process.terminate()).isZero();
  }

  @Test
  void a_wrong_password_is_reported_at_once() {
    String url = running.jdbcUrl().replace("password=", "password=wrong-hush");

    RunhookProcess process = installation.start(Map.of("RUNHOOK_DATABASE_URL", url), "serve");

    assertThat(process.awaitExit()).isEqualTo(2);
    assertRefused(process, "RUNHOOK_DATABASE_URL: the database rejected the connection: ");
    assertThat(process.allOutput()).doesNotContain("wrong-hush");
  }

  @Test
  void an_unsafe_database_is_rejected_unless_it_is_allowed() throws SQLException, IOException {
    execute("alter database runhook set synchronous_commit = off");
    String url = running.jdbcUrl();

    RunhookProcess refused = installation.start(Map.of("RUNHOOK_DATABASE_URL", url), "serve");
    RunhookProcess allowed =
        installation
            .start(
                Map.of("RUNHOOK_DATABASE_URL", url, "RUNHOOK_ALLOW_UNSAFE_DATABASE", "true"),
                "serve")
            .awaitReady();
    assertThat(refused.awaitExit()).isEqualTo(2);
    execute("alter database runhook reset synchronous_commit");

    assertRefused(refused, "the database has synchronous_commit off and may lose committed data");
    assertThat(allowed.err().lines())
        .anyMatch(line -> line.contains("WARN") && line.contains("synchronous_commit off"));
    assertThat(installation.client(allowed).getWithoutToken("/health/ready").body())
        .contains("{\"name\":\"schema\",\"ok\":true,\"detail\":\"exists\"}");
  }

  @Test
  void a_server_that_is_older_than_the_schema_is_rejected_and_a_running_one_continues()
      throws SQLException, IOException {
    execute(
        "insert into runhook.schema_version (version, file, checksum)"
            + " values (99, 'V99__newer.sql', 'newer')");

    RunhookProcess older =
        installation.start(Map.of("RUNHOOK_DATABASE_URL", running.jdbcUrl()), "serve");

    assertThat(older.awaitExit()).isEqualTo(2);
    execute("delete from runhook.schema_version where version = 99");
    assertRefused(older, "the database schema has version 99, which is newer");
    client.putStack("demo");
  }

  @Test
  void a_schema_that_another_build_has_migrated_is_rejected() throws SQLException, IOException {
    execute("update runhook.schema_version set checksum = '!' || checksum where version = 3");

    RunhookProcess other =
        installation.start(Map.of("RUNHOOK_DATABASE_URL", running.jdbcUrl()), "serve");

    assertThat(other.awaitExit()).isEqualTo(2);
    execute("update runhook.schema_version set checksum = ltrim(checksum, '!') where version = 3");
    assertRefused(other, "migration 3 of the schema runhook differs from that of this Runhook");
    assertThat(other.allOutput()).doesNotContain("https://", "Validate failed");
  }

  @Test
  void a_missing_database_is_reported_at_once() {
    String url = running.jdbcUrl().replace("/runhook?", "/nowhere?");

    RunhookProcess process = installation.start(Map.of("RUNHOOK_DATABASE_URL", url), "serve");

    assertThat(process.awaitExit()).isEqualTo(2);
    assertRefused(process, "RUNHOOK_DATABASE_URL: the database rejected the connection: ");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(running.jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Checks that the process printed one line for the operator. The log may contain more.
  private static void assertRefused(RunhookProcess process, String reason) {
    assertThat(process.err().lines())
        .filteredOn(line -> line.startsWith("runhook: "))
        .singleElement()
        .asString()
        .contains(reason);
    assertThat(process.allOutput()).doesNotContain("\tat ", "add connection executor");
    assertThat(process.out().lines()).isEmpty();
  }
}
