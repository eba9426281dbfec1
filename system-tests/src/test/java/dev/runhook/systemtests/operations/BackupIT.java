package dev.runhook.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `deploy/backup` saved, `deploy/restore` brings back after the database is gone: every
/// change that was acknowledged before, and every delivery that was still to be made.
class BackupIT {
  private static final String TOKEN = "the-same-token-before-and-after";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "RUNHOOK_ADMIN_TOKEN",
          TOKEN,
          "RUNHOOK_RETRY_SCHEDULE",
          "500ms,".repeat(60),
          "RUNHOOK_PAUSE_AFTER",
          "1000",
          "RUNHOOK_ALLOWED_NETWORKS",
          "127.0.0.0/8");
  private static final List<String> DONE = List.of("done-1", "done-2", "done-3");
  private static final List<String> OPEN = List.of("open-1", "open-2", "open-3");

  /// By what a receiver tells later: nothing is to be had from it before.
  private final AtomicBoolean prompt = new AtomicBoolean(true);

  private final AtomicBoolean tardy = new AtomicBoolean();
  private final List<ServerInstallation> homes = new ArrayList<>();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    homes.forEach(ServerInstallation::close);
  }

  @Test
  void a_database_of_the_operators_comes_back() throws Exception {
    Path programs = InstalledPostgres.findPrograms().orElse(null);
    assumeTrue(
        programs != null, "no PostgreSQL is installed; Debian/Ubuntu: apt-get install postgresql");
    try (RecordingReceiver first = RecordingReceiver.respondingWith(_ -> prompt.get() ? 204 : 500);
        RecordingReceiver second = RecordingReceiver.respondingWith(_ -> tardy.get() ? 204 : 500);
        InstalledPostgres lost = InstalledPostgres.start(programs, made("lost"))) {
      RunhookProcess server = home(settingsOf(lost)).serve();
      report(server, first, second);
      Map<String, String> tools = toolsOf(lost, settingsOf(lost));
      Path backup = Path.of(succeeding("deploy/backup", tools, folder.resolve("backups")).strip());
      prompt.set(true);
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> first.acceptedDeliveries() == DONE.size() + OPEN.size());
      server.kill();
      lost.destroy();

      try (InstalledPostgres found = InstalledPostgres.start(programs, made("found"))) {
        String said = succeeding("deploy/restore", toolsOf(found, lineOf(found)), backup);
        assertThat(said).contains("2 webhooks, 6 runs, 9 deliveries still to be made");
        assertThat(refused("deploy/restore", toolsOf(found, lineOf(found)), backup))
            .contains("already");
        int before = first.count();
        tardy.set(true);
        RunhookProcess restored = home(settingsOf(found)).serve();
        checkEverythingIsThere(restored, first, second, before);
        assertThat(restored.terminate()).as(restored.allOutput()).isZero();
      }
    }
  }

  @Test
  void the_embedded_database_comes_back() throws Exception {
    try (RecordingReceiver first = RecordingReceiver.respondingWith(_ -> prompt.get() ? 204 : 500);
        RecordingReceiver second = RecordingReceiver.respondingWith(_ -> tardy.get() ? 204 : 500)) {
      ServerInstallation lost = home(Map.of());
      RunhookProcess server = lost.serve();
      report(server, first, second);
      Map<String, String> data = Map.of("RUNHOOK_DATA_DIR", lost.dataDirectory().toString());
      assertThat(refused("deploy/backup", data, folder.resolve("backups"))).contains("is running");
      assertThat(server.terminate()).as(server.allOutput()).isZero();
      Path backup = Path.of(succeeding("deploy/backup", data, folder.resolve("backups")).strip());
      assertThat(refused("deploy/restore", data, backup)).contains("has a database already");

      ServerInstallation found = home(Map.of());
      succeeding(
          "deploy/restore", Map.of("RUNHOOK_DATA_DIR", found.dataDirectory().toString()), backup);
      int before = first.count();
      prompt.set(true);
      tardy.set(true);
      checkEverythingIsThere(found.serve(), first, second, before);
    }
  }

  @Test
  void what_is_no_backup_is_refused() throws Exception {
    Path backups = Files.createDirectory(folder.resolve("backups"));
    Map<String, String> nothing = Map.of("RUNHOOK_DATA_DIR", folder.resolve("data").toString());
    Path damaged = Files.writeString(backups.resolve("runhook-20260101T000000Z.tar.gz"), "PGDMP");
    Files.writeString(
        backups.resolve(damaged.getFileName() + ".sha256"),
        "0".repeat(64) + "  " + damaged.getFileName() + "\n");

    assertThat(refused("deploy/backup", nothing, backups)).contains("no embedded database");
    assertThat(refused("deploy/restore", nothing, damaged)).contains("checksum");
    Files.delete(backups.resolve(damaged.getFileName() + ".sha256"));
    assertThat(refused("deploy/restore", nothing, damaged)).contains("cannot be read");
    assertThat(folder.resolve("data")).doesNotExist();
    assertThat(backups).isDirectoryContaining(damaged::equals);
    try (var files = Files.list(backups)) {
      assertThat(files).containsExactly(damaged);
    }
  }

  /// Three runs that both webhooks want: the first receiver has got theirs, the second nothing.
  /// Three more that nobody has got.
  private void report(RunhookProcess server, RecordingReceiver first, RecordingReceiver second)
      throws IOException {
    ApiClient client = new ApiClient(server.url(), TOKEN);
    client.putStack("kept");
    client.createWebhook("kept", first.url(), RecordingReceiver.SECRET);
    client.createWebhook("kept", second.url(), RecordingReceiver.SECRET);
    for (String run : DONE) {
      client.startRun("kept", run).requireSuccess();
    }
    await().atMost(RunhookProcess.TIMEOUT).until(() -> first.acceptedDeliveries() == DONE.size());
    await().atMost(RunhookProcess.TIMEOUT).until(() -> openDeliveries(client) == DONE.size());
    prompt.set(false);
    for (String run : OPEN) {
      client.startRun("kept", run).requireSuccess();
    }
  }

  /// A delivery may be received and not settled yet.
  private static int openDeliveries(ApiClient client) throws IOException {
    return client.get("/deliveries?status=PENDING").requireSuccess().json().path("items").size();
  }

  private void checkEverythingIsThere(
      RunhookProcess server, RecordingReceiver first, RecordingReceiver second, int before)
      throws IOException {
    ApiClient client = new ApiClient(server.url(), TOKEN);
    List<String> all = new ArrayList<>(DONE);
    all.addAll(OPEN);
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> second.acceptedDeliveries() == all.size() && openDeliveries(client) == 0);

    for (String run : all) {
      client.get("/stacks/kept/runs/" + run).requireSuccess();
    }
    List<ReceivedRequest> again = first.requests().subList(before, first.count());
    assertThat(again).extracting(ReceivedRequest::run).containsExactlyInAnyOrderElementsOf(OPEN);
    assertThat(again).allMatch(ReceivedRequest::verified);
    assertThat(first.acceptedDeliveries()).isEqualTo(all.size()); // the same ids as before
    assertThat(second.requests()).filteredOn(ReceivedRequest::accepted).hasSize(all.size());
  }

  private ServerInstallation home(Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.putAll(more);
    ServerInstallation serverInstallation =
        new ServerInstallation(made("home-" + homes.size()), settings);
    homes.add(serverInstallation);
    return serverInstallation;
  }

  private Path made(String name) throws IOException {
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

  /// The same in one line.
  private static Map<String, String> lineOf(InstalledPostgres server) {
    return Map.of("RUNHOOK_DATABASE_URL", server.urlWithPassword());
  }

  /// Those settings, and the programs of that server's version.
  private static Map<String, String> toolsOf(
      InstalledPostgres server, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("PATH", server.binDirectory() + File.pathSeparator + System.getenv("PATH"));
    return all;
  }

  private String succeeding(String script, Map<String, String> settings, Path argument)
      throws Exception {
    return run(script, settings, argument, 0);
  }

  private String refused(String script, Map<String, String> settings, Path argument)
      throws Exception {
    return run(script, settings, argument, 1);
  }

  private String run(String script, Map<String, String> settings, Path argument, int expected)
      throws Exception {
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(Path.of("..", script).toString(), argument.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("RUNHOOK_") || name.startsWith("PG"));
    builder.environment().putAll(settings);
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isEqualTo(expected);
    return Files.readString(said);
  }
}
