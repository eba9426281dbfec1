package dev.runhook.bench.subject;

import dev.runhook.bench.process.Child;
import dev.runhook.bench.work.Backlog;
import java.util.Map;

/// A host whose engine is held while a backlog is made, and then let go.
public record BacklogSubject(String name, Child child, Backlog backlog, Runnable untilIdle)
    implements Subject {
  @Override
  public void prepare(int count) {
    child.ask("hold", "turned");
    backlog.make(count);
  }

  @Override
  public Span run(int count) {
    long from = System.nanoTime();
    child.ask("go", "turned");
    return new Span(from, System.nanoTime());
  }

  @Override
  public boolean takesReports() {
    return false;
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of("runhook", child.pid());
  }

  @Override
  public void settle() {
    untilIdle.run();
  }

  @Override
  public void close() {
    child.close();
  }
}
