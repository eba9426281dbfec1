package dev.runhook.bench.subject;

import dev.runhook.bench.process.Child;
import java.util.Map;

/// A process that takes the work by itself: its load comes from inside.
///
/// @param part what it is called in the accounts
/// @param untilIdle waits until nothing is left to be done
public record ChildSubject(String name, String part, Child child, Runnable untilIdle)
    implements Subject {
  @Override
  public Span run(int count) {
    return Span.parse(child.ask("run " + count, "done"));
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of(part, child.pid());
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
