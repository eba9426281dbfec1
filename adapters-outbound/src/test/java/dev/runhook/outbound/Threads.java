package dev.runhook.outbound;

import java.time.Duration;
import java.util.List;

/// Looks for threads that a closed transport should have ended.
final class Threads {
  private Threads() {}

  /// Names of such threads that are still there after two seconds of waiting for them.
  static List<String> leftOfTransports() throws InterruptedException {
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
