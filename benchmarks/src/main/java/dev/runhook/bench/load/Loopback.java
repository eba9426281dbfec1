package dev.runhook.bench.load;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// All is on this machine.
public final class Loopback {
  private Loopback() {}

  public static EgressPolicy policy() {
    return new EgressPolicy(List.of(Network.parse("127.0.0.0/8")));
  }

  /// What came of it; a failure is the measurement's.
  public static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a part of the measurement failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
