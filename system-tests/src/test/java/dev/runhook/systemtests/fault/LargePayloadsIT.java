package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ten webhooks of one account hang, and each run has the largest payload that the API accepts. All
/// deliveries together are much larger than the heap of the server.
class LargePayloadsIT {
  private static final int RUNS = 60;
  private static final int WEBHOOKS = 10;
  private static final int RUNS_OF_OTHER = 20;

  /// In JSON, each character takes six bytes.
  private static final String ESCAPED = "\\u0001";

  @TempDir private Path folder;

  @Test
  void hanging_webhooks_with_large_payloads_use_only_their_part_of_the_memory() throws Exception {
    Map<String, String> settings =
        Map.of(
            "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
            "RUNHOOK_TIMEOUT", "5m",
            "RUNHOOK_MAX_TIMEOUT", "5m");
    try (RecordingReceiver healthy = RecordingReceiver.accepting();
        HangingReceiver hanging = new HangingReceiver();
        ServerInstallation installation =
            ServerInstallation.withPreparedDatabase(folder, settings)) {
      RunhookProcess server = installation.serve("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
      ApiClient attacker = new ApiClient(server.url(), createToken(installation, "attacker"));
      ApiClient other = new ApiClient(server.url(), createToken(installation, "other"));
      other.putStack("calm");
      other.createWebhook("calm", healthy.url(), RecordingReceiver.SECRET);
      other.startRun("calm", "before").requireSuccess();
      awaitAccepted(healthy, 1);
      createLargeStack(attacker, hanging);

      for (int run = 0; run < RUNS; run++) {
        attacker.post("/stacks/demo/runs", largeRun("run-" + run)).requireSuccess();
      }
      for (int run = 0; run < RUNS_OF_OTHER; run++) {
        other.startRun("calm", "run-" + run).requireSuccess();
      }
      awaitAccepted(healthy, 1 + RUNS_OF_OTHER);
      int startedWhileHanging = hanging.attempts.size();
      hanging.recovered.countDown();
      await()
          .atMost(FaultSuite.timeout())
          .until(() -> hanging.attempts.size() == RUNS * WEBHOOKS || !server.isAlive());

      assertThat(server.isAlive()).isTrue();
      assertThat(hanging.longestBody.get()).isGreaterThan(200_000);
      assertThat(startedWhileHanging).isBetween(WEBHOOKS, RUNS * WEBHOOKS / 2);
      assertThat(hanging.attempts).hasSize(RUNS * WEBHOOKS);
      assertThat(hanging.attempts.values()).allMatch(attempts -> attempts == 1);
      other.get("/stacks").requireSuccess();
    }
  }

  private static String createToken(ServerInstallation installation, String account) {
    RunhookProcess created =
        installation.start(
            Map.of(), "token", "create", "--local", "--account", account, "--role", "admin");
    assertThat(created.awaitExit()).isZero();
    return created.out().lines().getFirst();
  }

  private static void awaitAccepted(RecordingReceiver receiver, int deliveries) {
    await().atMost(FaultSuite.timeout()).until(() -> receiver.acceptedDeliveries() == deliveries);
  }

  private static void createLargeStack(ApiClient client, HangingReceiver receiver)
      throws IOException {
    String label = "\"" + ESCAPED.repeat(128) + "\"";
    String stack =
        "{\"name\":\"Demo\",\"description\":\"%s\",\"labels\":[%s]}"
            .formatted(ESCAPED.repeat(4_096), (label + ",").repeat(63) + label);
    client.put("/stacks/demo", stack).requireSuccess();
    for (int i = 0; i < WEBHOOKS; i++) {
      client.createWebhook("demo", receiver.url() + i, RecordingReceiver.SECRET);
    }
  }

  private static String largeRun(String id) {
    return """
    {"id":"%s","branch":"main","commit":{"hash":"0ee3f1c","message":"%s"},"command":"%s","note":"%s"}
    """
        .formatted(id, ESCAPED.repeat(16_384), ESCAPED.repeat(4_096), ESCAPED.repeat(4_096));
  }

  /// Reads requests, and responds to none of them before it has recovered. Keeps no bodies.
  private static final class HangingReceiver implements AutoCloseable {
    final CountDownLatch recovered = new CountDownLatch(1);
    final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    final AtomicLong longestBody = new AtomicLong();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    HangingReceiver() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
      server.setExecutor(executor);
      server.createContext("/", this::handle);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks/";
    }

    private void handle(HttpExchange exchange) throws IOException {
      try (exchange) {
        long length = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        longestBody.accumulateAndGet(length, Math::max);
        attempts.merge(
            exchange.getRequestHeaders().getFirst("X-Runhook-Delivery"), 1, Integer::sum);
        recovered.await();
        exchange.sendResponseHeaders(204, -1);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      server.stop(0);
      executor.shutdownNow();
    }
  }
}
