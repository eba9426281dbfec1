package dev.runhook.bench.subject;

import dev.runhook.bench.process.Child;
import dev.runhook.bench.work.HttpLoad;
import java.util.Map;

/// The server, with a load of requests from this process.
///
/// @param perRequest how many reports go into one request; 1 for the call that takes one
public record ServerSubject(
    String name, Child server, HttpLoad load, int perRequest, Runnable untilIdle)
    implements Subject {
  @Override
  public Span run(int count) {
    long from = System.nanoTime();
    load.run(count, perRequest);
    return new Span(from, System.nanoTime());
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of("runhook", server.pid(), "client", ProcessHandle.current().pid());
  }

  @Override
  public void settle() {
    untilIdle.run();
  }

  @Override
  public void close() {
    server.close();
  }
}
