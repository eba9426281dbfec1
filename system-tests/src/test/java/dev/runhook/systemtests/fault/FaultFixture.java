package dev.runhook.systemtests.fault;

import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import dev.runhook.systemtests.resilience.DeliveryLogVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Servers as processes of their own on a PostgreSQL that can be broken, with a [FaultProxy]
/// between. [#close] ends all of it.
final class FaultFixture implements AutoCloseable {
  static final String TOKEN = "a-token-of-24-characters-or-more";

  static final Map<String, String> SETTINGS = FaultSuite.settings(Map.of("RUNHOOK_TIMEOUT", "3s"));

  private final RestartablePostgres restartablePostgres;
  private final FaultProxy databaseProxy;
  private final ServerInstallation serverInstallation;

  private FaultFixture(
      RestartablePostgres postgres, FaultProxy toDatabase, ServerInstallation home) {
    this.restartablePostgres = postgres;
    this.databaseProxy = toDatabase;
    this.serverInstallation = home;
  }

  static FaultFixture open(Path folder, Map<String, String> settings) throws IOException {
    return open(folder, folder.resolve("cluster"), settings);
  }

  /// @param cluster where the database keeps its data
  static FaultFixture open(Path folder, Path cluster, Map<String, String> settings)
      throws IOException {
    RestartablePostgres postgres = new RestartablePostgres(cluster);
    FaultProxy proxy = FaultProxy.forPort(postgres.port());
    Map<String, String> all = new HashMap<>(settings);
    all.put("RUNHOOK_DATABASE_URL", RestartablePostgres.url(proxy.port()));
    all.put("RUNHOOK_ADMIN_TOKEN", TOKEN);
    return new FaultFixture(postgres, proxy, new ServerInstallation(folder, all));
  }

  RestartablePostgres postgres() {
    return restartablePostgres;
  }

  FaultProxy databaseProxy() {
    return databaseProxy;
  }

  RunhookProcess startServer() {
    return startServer(Map.of());
  }

  /// @param more of the environment, for this server alone
  RunhookProcess startServer(Map<String, String> more) {
    return serverInstallation.start(more, "serve").awaitReady();
  }

  static ApiClient client(RunhookProcess server) {
    return new ApiClient(server.url(), TOKEN);
  }

  /// Puts a receiver on a new stack.
  static void createWebhook(RunhookProcess server, String stack, String url) throws IOException {
    client(server).putStack(stack);
    client(server).createWebhook(stack, url, MeteredReceiver.SECRET);
  }

  static ContinuousLoad.Target loadTarget(String stack, List<RunhookProcess> servers) {
    return new ContinuousLoad.Target(servers.stream().map(FaultFixture::client).toList(), stack);
  }

  /// Waits for all that was acknowledged to arrive, and holds the log against the promise; how many
  /// were accepted more than once.
  static long awaitAndVerify(MeteredReceiver receiver, List<String> runs) {
    int wanted = runs.size() * ApiClient.STATES.size();
    await().atMost(FaultSuite.timeout()).until(() -> receiver.acceptedTransitions() >= wanted);
    List<ReceivedRequest> log = receiver.requests();
    new DeliveryLogVerifier(ApiClient.STATES).verify(log, runs);
    return log.stream().filter(ReceivedRequest::accepted).count() - wanted;
  }

  /// Whether it says of itself that it is ready.
  static boolean isReady(RunhookProcess server) {
    try {
      return client(server).getWithoutToken("/health/ready").status() == 200;
    } catch (IOException e) {
      throw new IllegalStateException("no answer to /health/ready\n" + server.allOutput(), e);
    }
  }

  /// Waits until it is ready, or is not; how long that took.
  static long awaitReady(RunhookProcess server, boolean ready) {
    long start = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(FaultSuite.timeout())
        .until(() -> isReady(server) == ready);
    return System.nanoTime() - start;
  }

  @Override
  public void close() {
    serverInstallation.close();
    databaseProxy.close();
    restartablePostgres.close();
  }
}
