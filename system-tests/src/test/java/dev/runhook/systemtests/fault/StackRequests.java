package dev.runhook.systemtests.fault;

import dev.runhook.systemtests.fixture.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/// Callers that create runs of a stack, read it, and list its runs, until they are stopped.
final class StackRequests implements AutoCloseable {
  private final ApiClient client;
  private final String stack;
  private final Duration pause;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  /// @param sentAt the `nanoTime` of the request
  /// @param status -1 if the connection broke
  record Answer(long sentAt, long nanos, int status) {}

  private StackRequests(ApiClient client, String stack, Duration pause) {
    this.client = client;
    this.stack = stack;
    this.pause = pause;
  }

  /// Starts the callers.
  ///
  /// @param pause the pause of each caller after each request
  static StackRequests start(ApiClient client, String stack, int callers, Duration pause) {
    StackRequests requests = new StackRequests(client, stack, pause);
    for (int i = 0; i < callers; i++) {
      int caller = i;
      requests.executor.execute(() -> requests.send(caller));
    }
    return requests;
  }

  /// Returns the answers to the requests that were sent between the two times.
  List<Answer> between(long from, long to) {
    return answers.stream()
        .filter(answer -> answer.sentAt() - from >= 0 && answer.sentAt() - to < 0)
        .toList();
  }

  private void send(int caller) {
    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
      String run = "extra-" + caller + "-" + i;
      send(() -> client.startRun(stack, run));
      send(() -> client.get("/stacks/" + stack));
      send(() -> client.get("/stacks/" + stack + "/runs?limit=5"));
    }
  }

  private interface Request {
    ApiClient.Response send() throws IOException;
  }

  private void send(Request request) {
    long sentAt = System.nanoTime();
    int status;
    try {
      status = request.send().status();
    } catch (IOException _) {
      status = -1;
    }
    if (!Thread.currentThread().isInterrupted()) {
      answers.add(new Answer(sentAt, System.nanoTime() - sentAt, status));
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
