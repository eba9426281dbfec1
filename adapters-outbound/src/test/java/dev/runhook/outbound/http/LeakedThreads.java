package dev.runhook.outbound.http;

import java.time.Duration;
import java.util.List;

/// Looks for threads that a closed transport should have ended.
public final class LeakedThreads {
  private LeakedThreads() {}

  /// Names of such threads that are still there after two seconds of waiting for them.
  public static List<String> ofTransports() throws InterruptedException {
    List<Thread> suspects =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread ->
                thread.getName().startsWith("HttpClient-")
                    || thread.getName().startsWith("runhook-"))
            .toList();
    for (Thread suspect : suspects) {
      suspect.join(Duration.ofSeconds(2));
    }
    return suspects.stream().filter(Thread::isAlive).map(Thread::getName).toList();
  }
}
