package dev.runhook.http.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Ends blocking calls on a socket channel after a time. The channel is closed then, because that
/// is what an interrupt does to it.
final class IoDeadline {
  private IoDeadline() {}

  /// A call that reads or writes.
  @FunctionalInterface
  interface Call {
    void run() throws IOException;
  }

  /// @throws SocketTimeoutException if the call took longer
  static void run(Duration limit, Call call) throws IOException {
    Thread caller = Thread.currentThread();
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    CompletableFuture<Boolean> inTime =
        end.orTimeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
            .handle((ignored, timeout) -> {
              if (timeout != null) {
                caller.interrupt();
              }
              return timeout == null;
            });
    try {
      call.run();
    } finally {
      end.complete(true);
      if (!inTime.join()) {
        Thread.interrupted(); // it was only for this call
      }
    }
    if (!inTime.join()) {
      throw new SocketTimeoutException("the client is too slow");
    }
  }
}
