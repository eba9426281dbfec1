package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.bootstrap.process.ApiClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/// How many calls were acknowledged so far, by whichever servers there were at the time. Callers
/// repeat until they are. Thread-safe.
final class Progress {
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private final AtomicReference<List<ApiClient>> servers = new AtomicReference<>(List.of());
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();

  interface Call {
    Reply to(ApiClient server) throws IOException;
  }

  void serverIs(ApiClient client) {
    serversAre(List.of(client));
  }

  /// Calls go to these by turns from now on.
  void serversAre(List<ApiClient> clients) {
    servers.set(List.copyOf(clients));
  }

  /// Makes the call until a server acknowledges it. Whatever else a living server answers, but that
  /// it cannot now, is a failure.
  void acknowledge(Call call) {
    while (!isAcknowledged(call)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted");
      }
      repeated.incrementAndGet();
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
    acknowledged.incrementAndGet();
  }

  private boolean isAcknowledged(Call call) {
    List<ApiClient> all = servers.get();
    try {
      Reply reply = call.to(all.get(Math.floorMod(turn.getAndIncrement(), all.size())));
      assertThat(reply.isAcknowledgement() || reply.isUnavailable()).as(reply.toString()).isTrue();
      return reply.isAcknowledgement();
    } catch (IOException _) {
      return false; // it was killed under us: whether it was kept is not known, so we tell it again
    }
  }

  void awaitAcknowledged(int count) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(RunhookProcess.PATIENCE)
        .until(() -> acknowledged.get() >= count);
  }

  int acknowledged() {
    return acknowledged.get();
  }

  int repeated() {
    return repeated.get();
  }
}
