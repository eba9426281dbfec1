package dev.runhook.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import dev.runhook.testkit.Prerequisite;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// After the loss of a database, `deploy/restore` restores a backup that `deploy/backup` made:
/// every transition that was acknowledged before the backup and every delivery that was pending.
class BackupIT {
  private static final String TOKEN = "the-same-token-before-and-after";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "RUNHOOK_ADMIN_TOKEN",
          TOKEN,
          "RUNHOOK_RETRY_SCHEDULE",
          "500ms" + ",500ms".repeat(59),
          "RUNHOOK_PAUSE_AFTER",
          "1000",
          "RUNHOOK_ALLOWED_NETWORKS",
          "127.0.0.0/8");
  private static final List<String> DONE = List.of("done-1", "done-2", "done-3");
  private static final List<String> PENDING = List.of("pending-1", "pending-2", "pending-3");

  /// Whether the first receiver accepts deliveries.
  private final AtomicBoolean firstAccepts = new AtomicBoolean(true);

  /// Whether the second receiver accepts deliveries.
  private final AtomicBoolean secondAccepts = new AtomicBoolean();

  private final List<ServerInstallation> installations = new ArrayList<>();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    installations.forEach(ServerInstallation::close);
  }

  @Test
  void an_external_database_is_restored() throws Exception {
    Optional<Path> installed = InstalledPostgres.findPrograms();
    Prerequisite.require(
        installed.isPresent(),
        "no PostgreSQL is installed; Debian/Ubuntu: apt-get install postgresql");
    Path programs = installed.orElseThrow();
    try (RecordingReceiver first =
            RecordingReceiver.respondingWith(_ -> firstAccepts.get() ? 204 : 500);
        RecordingReceiver second =
            RecordingReceiver.respondingWith(_ -> secondAccepts.get() ? 204 : 500);
        InstalledPostgres lost = InstalledPostgres.start(programs, newDirectory("lost"))) {
      RunhookProcess server = newInstallation(settingsOf(lost)).serve();
      report(server, first, second);
      Map<String, String> environment = environmentOf(lost, settingsOf(lost));
      Path backup =
          Path.of(runSuccessfully("deploy/backup", environment, folder.resolve("backups")).strip());
      firstAccepts.set(true);
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> first.acceptedDeliveries() == DONE.size() + PENDING.size());
      server.kill();
      lost.destroy();

      try (InstalledPostgres replacement =
          InstalledPostgres.start(programs, newDirectory("restored"))) {
        String output =
            runSuccessfully(
                "deploy/restore", environmentOf(replacement, urlSettingOf(replacement)), backup);
        assertThat(output).contains("2 webhooks, 6 runs, 9 deliveries still to be made");
        assertThat(
                runRejected(
                    "deploy/restore",
                    environmentOf(replacement, urlSettingOf(replacement)),
                    backup))
            .contains("already");
        int before = first.count();
        secondAccepts.set(true);
        RunhookProcess restored = newInstallation(settingsOf(replacement)).serve();
        assertRestored(restored, first, second, before);
        assertThat(restored.terminate()).as(restored.allOutput()).isZero();
      }
    }
  }

  @Test
  void an_embedded_database_is_restored() throws Exception {
    try (RecordingReceiver first =
            RecordingReceiver.respondingWith(_ -> firstAccepts.get() ? 204 : 500);
        RecordingReceiver second =
            RecordingReceiver.respondingWith(_ -> secondAccepts.get() ? 204 : 500)) {
      ServerInstallation lost = newInstallation(Map.of());
      RunhookProcess server = lost.serve();
      report(server, first, second);
      Map<String, String> data = Map.of("RUNHOOK_DATA_DIR", lost.dataDirectory().toString());
      assertThat(runRejected("deploy/backup", data, folder.resolve("backups")))
          .contains("is running");
      assertThat(server.terminate()).as(server.allOutput()).isZero();
      Path backup =
          Path.of(runSuccessfully("deploy/backup", data, folder.resolve("backups")).strip());
      assertThat(runRejected("deploy/restore", data, backup)).contains("already has a database");

      ServerInstallation replacement = newInstallation(Map.of());
      runSuccessfully(
          "deploy/restore",
          Map.of("RUNHOOK_DATA_DIR", replacement.dataDirectory().toString()),
          backup);
      int before = first.count();
      firstAccepts.set(true);
      secondAccepts.set(true);
      assertRestored(replacement.serve(), first, second, before);
    }
  }

  @Test
  void an_invalid_backup_is_rejected() throws Exception {
    Path backups = Files.createDirectory(folder.resolve("backups"));
    Map<String, String> noDatabase = Map.of("RUNHOOK_DATA_DIR", folder.resolve("data").toString());
    Path damaged = Files.writeString(backups.resolve("runhook-20260101T000000Z.tar.gz"), "PGDMP");
    Files.writeString(
        backups.resolve(damaged.getFileName() + ".sha256"),
        "0".repeat(64) + "  " + damaged.getFileName() + "\n");

    assertThat(runRejected("deploy/backup", noDatabase, backups)).contains("no embedded database");
    assertThat(runRejected("deploy/restore", noDatabase, damaged)).contains("checksum");
    Files.delete(backups.resolve(damaged.getFileName() + ".sha256"));
    assertThat(runRejected("deploy/restore", noDatabase, damaged)).contains("cannot be read");
    assertThat(folder.resolve("data")).doesNotExist();
    assertThat(backups).isDirectoryContaining(damaged::equals);
    try (var files = Files.list(backups)) {
      assertThat(files).containsExactly(damaged);
    }
  }

  /// Reports three runs that the first receiver accepts and the second does not, then three runs
  /// that neither receiver accepts.
  private void report(RunhookProcess server, RecordingReceiver first, RecordingReceiver second)
      throws IOException {
    ApiClient client = new ApiClient(server.url(), TOKEN);
    client.putStack("demo");
    client.createWebhook("demo", first.url(), RecordingReceiver.SECRET);
    client.createWebhook("demo", second.url(), RecordingReceiver.SECRET);
    for (String run : DONE) {
      client.startRun("demo", run).requireSuccess();
    }
    await().atMost(RunhookProcess.TIMEOUT).until(() -> first.acceptedDeliveries() == DONE.size());
    await().atMost(RunhookProcess.TIMEOUT).until(() -> pendingDeliveries(client) == DONE.size());
    firstAccepts.set(false);
    for (String run : PENDING) {
      client.startRun("demo", run).requireSuccess();
    }
  }

  /// The number of pending deliveries. A delivery may be received and still pending for a moment.
  private static int pendingDeliveries(ApiClient client) throws IOException {
    return client.get("/deliveries?status=PENDING").requireSuccess().json().path("items").size();
  }

  private void assertRestored(
      RunhookProcess server, RecordingReceiver first, RecordingReceiver second, int before)
      throws IOException {
    ApiClient client = new ApiClient(server.url(), TOKEN);
    List<String> all = new ArrayList<>(DONE);
    all.addAll(PENDING);
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> second.acceptedDeliveries() == all.size() && pendingDeliveries(client) == 0);

    for (String run : all) {
      client.get("/stacks/demo/runs/" + run).requireSuccess();
    }
    List<ReceivedRequest> resent = first.requests().subList(before, first.count());
    assertThat(resent)
        .extracting(ReceivedRequest::run)
        .containsExactlyInAnyOrderElementsOf(PENDING);
    assertThat(resent).allMatch(ReceivedRequest::verified);
    assertThat(first.acceptedDeliveries())
        .isEqualTo(all.size()); // the ids of the deliveries have not changed
    assertThat(second.requests()).filteredOn(ReceivedRequest::accepted).hasSize(all.size());
  }

  private ServerInstallation newInstallation(Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.putAll(more);
    ServerInstallation installation =
        new ServerInstallation(newDirectory("installation-" + installations.size()), settings);
    installations.add(installation);
    return installation;
  }

  private Path newDirectory(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  private static Map<String, String> settingsOf(InstalledPostgres server) {
    return Map.of(
        "RUNHOOK_DATABASE_URL",
        server.url(),
        "RUNHOOK_DATABASE_USER",
        "runhook",
        "RUNHOOK_DATABASE_PASSWORD",
        InstalledPostgres.PASSWORD);
  }

  /// The settings in the form of a single URL.
  private static Map<String, String> urlSettingOf(InstalledPostgres server) {
    return Map.of("RUNHOOK_DATABASE_URL", server.urlWithPassword());
  }

  /// The settings and a path to the PostgreSQL programs of the same version.
  private static Map<String, String> environmentOf(
      InstalledPostgres server, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("PATH", server.binDirectory() + File.pathSeparator + System.getenv("PATH"));
    return all;
  }

  private String runSuccessfully(String script, Map<String, String> settings, Path argument)
      throws Exception {
    return run(script, settings, argument, 0);
  }

  private String runRejected(String script, Map<String, String> settings, Path argument)
      throws Exception {
    return run(script, settings, argument, 1);
  }

  private String run(String script, Map<String, String> settings, Path argument, int expected)
      throws Exception {
    Path outputFile = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(Path.of("..", script).toString(), argument.toString())
            .redirectErrorStream(true)
            .redirectOutput(outputFile.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("RUNHOOK_") || name.startsWith("PG"));
    builder.environment().putAll(settings);
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(outputFile)).isEqualTo(expected);
    return Files.readString(outputFile);
  }
}
