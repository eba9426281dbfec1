package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ApiClient.Response;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/// How many calls were acknowledged so far, by whichever servers there were at the time. Callers
/// repeat until they are. Thread-safe.
final class RetryingClient {
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private final AtomicReference<List<ApiClient>> servers = new AtomicReference<>(List.of());
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger retries = new AtomicInteger();

  interface Call {
    Response send(ApiClient server) throws IOException;
  }

  void useServer(ApiClient client) {
    useServers(List.of(client));
  }

  /// Calls go to these by turns from now on.
  void useServers(List<ApiClient> clients) {
    servers.set(List.copyOf(clients));
  }

  /// Makes the call until a server acknowledges it. Whatever else a living server answers, but that
  /// it cannot now, is a failure.
  void callUntilAcknowledged(Call call) {
    while (!isAcknowledged(call)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted");
      }
      retries.incrementAndGet();
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
    acknowledged.incrementAndGet();
  }

  private boolean isAcknowledged(Call call) {
    List<ApiClient> all = servers.get();
    try {
      Response response = call.send(all.get(Math.floorMod(turn.getAndIncrement(), all.size())));
      assertThat(response.isAcknowledged() || response.isUnavailable())
          .as(response.toString())
          .isTrue();
      return response.isAcknowledged();
    } catch (IOException _) {
      return false; // it was killed under us: whether it was kept is not known, so we tell it again
    }
  }

  void awaitAcknowledged(int count) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> acknowledged.get() >= count);
  }

  int acknowledged() {
    return acknowledged.get();
  }

  int retries() {
    return retries.get();
  }
}
