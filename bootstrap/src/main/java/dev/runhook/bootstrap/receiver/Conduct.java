package dev.runhook.bootstrap.receiver;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/// How a receiver treats what it gets. Called from many threads.
public interface Conduct {
  /// Decides what a delivery is answered, and may take its time.
  Reply reply(Received received) throws InterruptedException;

  /// Is told when the answer is sent, or could not be.
  default void replied(Received received) {}

  /// Accepts what is verified and nothing else.
  static Conduct honest() {
    return Reply::honest;
  }

  /// Answers the first so many with a status that is a failure, and the others as this one does.
  default Conduct failingFirst(int times, int status) {
    AtomicInteger left = new AtomicInteger(times);
    return received ->
        left.getAndUpdate(n -> Math.max(0, n - 1)) > 0
            ? Reply.of(status, "as told by --fail")
            : reply(received);
  }

  /// Tells of each as soon as it is decided.
  default Conduct telling(BiConsumer<Received, Reply> listener) {
    return received -> {
      Reply reply = reply(received);
      listener.accept(received, reply);
      return reply;
    };
  }

  /// Waits before each answer.
  default Conduct delayed(Duration delay) {
    return received -> {
      Reply reply = reply(received);
      Thread.sleep(delay);
      return reply;
    };
  }
}
