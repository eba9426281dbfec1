package dev.runhook.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/// An executor that holds tasks until a test runs them.
public final class ManualExecutor implements Executor {
  private final Deque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  public int size() {
    return tasks.size();
  }

  public void runNext() {
    tasks.remove().run();
  }

  public void runLast() {
    tasks.removeLast().run();
  }

  public void runAll() {
    while (!tasks.isEmpty()) {
      runNext();
    }
  }
}
