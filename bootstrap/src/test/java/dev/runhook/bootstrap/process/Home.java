package dev.runhook.bootstrap.process;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A data folder, the processes that are started on it, and the PostgreSQL in it. [#close] ends by
/// their ids all that are left.
public final class Home implements AutoCloseable {
  private static final int PORT_LINE = 3;

  private final Path folder;
  private final Map<String, String> settings;
  private final boolean furnished;
  private final List<RunhookProcess> processes = new ArrayList<>();
  private final List<ProcessHandle> postmasters = new ArrayList<>();

  /// With nothing in it yet.
  ///
  /// @param settings for all processes; the data folder and a free port are set besides
  public Home(Path folder, Map<String, String> settings) {
    this(folder, settings, false);
  }

  private Home(Path folder, Map<String, String> settings, boolean furnished) {
    this.folder = folder;
    this.furnished = furnished;
    this.settings =
        new HashMap<>(Map.of("RUNHOOK_DATA_DIR", dataDir().toString(), "RUNHOOK_PORT", "0"));
    this.settings.putAll(settings);
  }

  /// With an empty PostgreSQL in it by the time that a server is started, for those who look at
  /// other things than the first start of all.
  public static Home furnished(Path folder, Map<String, String> settings) {
    return new Home(folder, settings, true);
  }

  Path dataDir() {
    return folder.resolve("data");
  }

  /// Starts a server and waits until it is ready.
  public RunhookProcess serve() {
    furnish();
    RunhookProcess process = start(Map.of(), "serve").awaitReady();
    postmaster().ifPresent(postmasters::add);
    return process;
  }

  private void furnish() {
    if (furnished && !Files.exists(postgresFolder())) {
      Prepared.furnish(dataDir());
    }
  }

  public RunhookProcess start(Map<String, String> more, String... arguments) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(more);
    return kept(RunhookProcess.start(folder, List.of(arguments), all));
  }

  /// Starts a server that halts itself when it comes to that point for that time.
  RunhookProcess serveUntil(FailPoint point, int hit) {
    return kept(RunhookProcess.startDoomed(folder, point, hit, settings));
  }

  private RunhookProcess kept(RunhookProcess process) {
    processes.add(process);
    return process;
  }

  /// The admin's token, as the operator finds it.
  String token() {
    String given = settings.get("RUNHOOK_ADMIN_TOKEN");
    return given != null ? given : read(dataDir().resolve("admin-token")).strip();
  }

  /// A client of that server in the name of the admin.
  ApiClient client(RunhookProcess server) {
    return new ApiClient(server.url(), token());
  }

  /// The running PostgreSQL of this folder.
  Optional<ProcessHandle> postmaster() {
    return pidFile().stream()
        .findFirst()
        .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())))
        .filter(Home::runs);
  }

  /// Whether it still runs. One that has ended counts as alive until its parent looks, which for an
  /// orphan may be never; but it has no command any more.
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  /// SIGKILL for the database.
  void killDatabase() {
    ProcessHandle postmaster = postmaster().orElseThrow();
    postmaster.destroyForcibly();
    await().atMost(RunhookProcess.PATIENCE).until(() -> !runs(postmaster));
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:"
        + pidFile().get(PORT_LINE).strip()
        + "/postgres?user=postgres";
  }

  Path postgresFolder() {
    return dataDir().resolve("postgres");
  }

  /// Ends what still runs. The database may be ended the hard way: nobody wants it any more.
  @Override
  public void close() {
    processes.forEach(RunhookProcess::kill);
    postmaster().ifPresent(postmasters::add);
    for (ProcessHandle postmaster : postmasters) {
      end(postmaster);
    }
  }

  private static void end(ProcessHandle postmaster) {
    List<ProcessHandle> family = new ArrayList<>(postmaster.descendants().toList());
    family.add(postmaster);
    postmaster.destroyForcibly();
    await().atMost(Duration.ofSeconds(60)).until(() -> family.stream().noneMatch(Home::runs));
  }

  private List<String> pidFile() {
    Path file = postgresFolder().resolve("postmaster.pid");
    return Files.exists(file) ? read(file).lines().toList() : List.of();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
