package dev.runhook.bootstrap.fault;

import static org.awaitility.Awaitility.await;

import dev.runhook.bootstrap.process.ApiClient;
import dev.runhook.bootstrap.process.Arrival;
import dev.runhook.bootstrap.process.Home;
import dev.runhook.bootstrap.process.LaneReview;
import dev.runhook.bootstrap.process.RunhookProcess;
import dev.runhook.bootstrap.process.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Servers as processes of their own on a PostgreSQL that can be broken, with a [FaultProxy]
/// between. [#close] ends all of it.
final class Site implements AutoCloseable {
  static final String TOKEN = "a-token-of-24-characters-or-more";

  static final Map<String, String> SETTINGS = Suite.settings(Map.of("RUNHOOK_TIMEOUT", "3s"));

  private final Postgres postgres;
  private final FaultProxy toDatabase;
  private final Home home;

  private Site(Postgres postgres, FaultProxy toDatabase, Home home) {
    this.postgres = postgres;
    this.toDatabase = toDatabase;
    this.home = home;
  }

  static Site open(Path folder, Map<String, String> settings) throws IOException {
    return open(folder, folder.resolve("cluster"), settings);
  }

  /// @param cluster where the database keeps its data
  static Site open(Path folder, Path cluster, Map<String, String> settings) throws IOException {
    Postgres postgres = new Postgres(cluster);
    FaultProxy proxy = FaultProxy.to(postgres.port());
    Map<String, String> all = new HashMap<>(settings);
    all.put("RUNHOOK_DATABASE_URL", Postgres.url(proxy.port()));
    all.put("RUNHOOK_ADMIN_TOKEN", TOKEN);
    return new Site(postgres, proxy, new Home(folder, all));
  }

  Postgres postgres() {
    return postgres;
  }

  FaultProxy toDatabase() {
    return toDatabase;
  }

  RunhookProcess serve() {
    return serve(Map.of());
  }

  /// @param more of the environment, for this server alone
  RunhookProcess serve(Map<String, String> more) {
    return home.start(more, "serve").awaitReady();
  }

  static ApiClient client(RunhookProcess server) {
    return new ApiClient(server.url(), TOKEN);
  }

  /// Puts a receiver on a new stack.
  static void attach(RunhookProcess server, String stack, String url) throws IOException {
    client(server).registerStack(stack);
    client(server).createWebhook(stack, url, BusyReceiver.SECRET);
  }

  static Load.Target target(String stack, List<RunhookProcess> servers) {
    return new Load.Target(servers.stream().map(Site::client).toList(), stack);
  }

  /// Waits for all that was acknowledged to arrive, and holds the log against the promise; how many
  /// were accepted more than once.
  static long review(BusyReceiver receiver, List<String> runs) {
    int wanted = runs.size() * ApiClient.STATES.size();
    await().atMost(Suite.patience()).until(() -> receiver.accepted() >= wanted);
    List<Arrival> log = receiver.log();
    new LaneReview(ApiClient.STATES).review(log, runs);
    return log.stream().filter(Arrival::accepted).count() - wanted;
  }

  /// Whether it says of itself that it is ready.
  static boolean isReady(RunhookProcess server) {
    try {
      return client(server).getOpen("/health/ready").status() == 200;
    } catch (IOException e) {
      throw new IllegalStateException("no answer to /health/ready\n" + server.everything(), e);
    }
  }

  /// Waits until it is ready, or is not; how long that took.
  static long awaitReady(RunhookProcess server, boolean ready) {
    long start = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Suite.patience())
        .until(() -> isReady(server) == ready);
    return System.nanoTime() - start;
  }

  @Override
  public void close() {
    home.close();
    toDatabase.close();
    postgres.close();
  }
}
