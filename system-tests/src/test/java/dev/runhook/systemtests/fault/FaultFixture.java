package dev.runhook.systemtests.fault;

import static org.awaitility.Awaitility.await;

import dev.runhook.application.spi.Buckets;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.StackId;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.DeliveryLogVerifier;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Servers on a PostgreSQL server that can be stopped, with a [FaultProxy] in between. [#close]
/// ends everything.
final class FaultFixture implements AutoCloseable {
  static final String TOKEN = "test-token-0123456789abcdef";

  static final Map<String, String> SETTINGS = FaultSuite.settings(Map.of("RUNHOOK_TIMEOUT", "3s"));

  private final PostgresServer postgres;
  private final FaultProxy databaseProxy;
  private final ServerInstallation installation;

  private FaultFixture(
      PostgresServer postgres, FaultProxy databaseProxy, ServerInstallation installation) {
    this.postgres = postgres;
    this.databaseProxy = databaseProxy;
    this.installation = installation;
  }

  static FaultFixture open(Path folder, Map<String, String> settings) throws IOException {
    return open(folder, folder.resolve("cluster"), settings);
  }

  /// @param cluster the data directory of the database
  static FaultFixture open(Path folder, Path cluster, Map<String, String> settings)
      throws IOException {
    PostgresServer postgres = new PostgresServer(cluster);
    FaultProxy proxy = FaultProxy.forPort(postgres.port());
    Map<String, String> all = new HashMap<>(settings);
    all.put("RUNHOOK_DATABASE_URL", PostgresServer.url(proxy.port()));
    all.put("RUNHOOK_ADMIN_TOKEN", TOKEN);
    return new FaultFixture(postgres, proxy, new ServerInstallation(folder, all));
  }

  PostgresServer postgres() {
    return postgres;
  }

  FaultProxy databaseProxy() {
    return databaseProxy;
  }

  RunhookProcess startServer() {
    return startServer(Map.of());
  }

  /// @param more environment variables of this server only
  RunhookProcess startServer(Map<String, String> more) {
    return installation.start(more, "serve").awaitReady();
  }

  static ApiClient client(RunhookProcess server) {
    return new ApiClient(server.url(), TOKEN);
  }

  /// Creates a stack with a webhook.
  static void createWebhook(RunhookProcess server, String stack, String url) throws IOException {
    client(server).putStack(stack);
    client(server).createWebhook(stack, url, MeteredReceiver.SECRET);
  }

  /// Returns a stack that is in a bucket.
  static String findStack(Buckets buckets, int bucket) {
    return Stream.iterate(0, number -> number + 1)
        .map(number -> "stack-" + number)
        .filter(slug -> buckets.of(new StackId(new AccountId("default"), slug)) == bucket)
        .findFirst()
        .orElseThrow();
  }

  static ContinuousLoad.Target loadTarget(String stack, List<RunhookProcess> servers) {
    return new ContinuousLoad.Target(servers.stream().map(FaultFixture::client).toList(), stack);
  }

  /// Waits until all acknowledged transitions have arrived and verifies the log of the receiver.
  ///
  /// @return the number of duplicates among the accepted requests
  static long awaitAndVerify(MeteredReceiver receiver, List<String> runs) {
    int expected = runs.size() * ApiClient.STATES.size();
    await().atMost(FaultSuite.timeout()).until(() -> receiver.acceptedTransitions() >= expected);
    List<ReceivedRequest> log = receiver.requests();
    new DeliveryLogVerifier(ApiClient.STATES).verify(log, runs);
    return log.stream().filter(ReceivedRequest::accepted).count() - expected;
  }

  /// Whether `/health/ready` reports that the server is ready.
  static boolean isReady(RunhookProcess server) {
    try {
      return client(server).getWithoutToken("/health/ready").status() == 200;
    } catch (IOException e) {
      throw new IllegalStateException("no response from /health/ready\n" + server.allOutput(), e);
    }
  }

  /// Waits until the server reports this readiness.
  static void awaitReady(RunhookProcess server, boolean ready) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(FaultSuite.timeout())
        .until(() -> isReady(server) == ready);
  }

  @Override
  public void close() {
    installation.close();
    databaseProxy.close();
    postgres.close();
  }
}
