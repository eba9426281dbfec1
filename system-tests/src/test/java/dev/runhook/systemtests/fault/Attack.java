package dev.runhook.systemtests.fault;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Repeats a call until it is closed, over some connections, at most 10 times per second on each:
/// few requests that cost much. [#close] fails if a call has failed.
final class Attack implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> connections = new ArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean ended;

  interface Call {
    void send() throws IOException;
  }

  static Attack start(int connections, Call call) {
    Attack attack = new Attack();
    for (int i = 0; i < connections; i++) {
      attack.connections.add(
          attack.executor.submit(() -> {
            attack.repeat(call);
            return null;
          }));
    }
    return attack;
  }

  private void repeat(Call call) throws IOException {
    while (!ended) {
      call.send();
      calls.incrementAndGet();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  String summary() {
    return calls + " calls over " + connections.size() + " connections";
  }

  @Override
  public void close() throws ExecutionException {
    ended = true;
    executor.close(); // waits
    for (Future<?> connection : connections) {
      if (connection.state() == Future.State.FAILED) {
        throw new ExecutionException(connection.exceptionNow());
      }
    }
  }
}
