package dev.runhook.outbound.http;

import java.time.Duration;
import java.util.List;

/// Finds threads that a closed transport should have stopped.
public final class LeakedThreads {
  private LeakedThreads() {}

  /// Returns the names of threads that are still alive after two seconds.
  public static List<String> ofTransports() throws InterruptedException {
    List<Thread> candidates =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread ->
                thread.getName().startsWith("HttpClient-")
                    || thread.getName().startsWith("runhook-"))
            .toList();
    for (Thread candidate : candidates) {
      candidate.join(Duration.ofSeconds(2));
    }
    return candidates.stream().filter(Thread::isAlive).map(Thread::getName).toList();
  }
}
