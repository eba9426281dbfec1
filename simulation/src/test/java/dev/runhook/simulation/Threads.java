package dev.runhook.simulation;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// All threads and timers of a world. The threads are virtual, but their scheduler is this one: it
/// runs them on the calling thread, one at a time, in an order that the choices decide. A thread
/// runs until it waits or yields. Time passes only when all threads wait.
///
/// The virtual threads of the JDK ask a scheduler that is a [ForkJoinPool] to end their timed
/// waits, too, so `LockSupport.parkNanos` in the engine takes simulated time.
final class Threads {
  private static final Constructor<?> BUILDER;

  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final List<Step> ready = new ArrayList<>();
  private final Random random;
  private final Choices choices;
  private long timerCount;
  private long nanos;

  static {
    try {
      BUILDER =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      BUILDER.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  Threads(Random random, Choices choices) {
    this.random = random;
    this.choices = choices;
  }

  /// What a thread does until it waits again.
  private record Step(Group group, Runnable run) {}

  /// The time since the world began.
  long nanos() {
    return nanos;
  }

  Random random() {
    return random;
  }

  /// Runs the threads until the condition holds or nothing happens until the given time.
  ///
  /// @return whether the condition holds
  boolean run(BooleanSupplier until, Duration limit) {
    long end = nanos + limit.toNanos();
    while (!until.getAsBoolean()) {
      if (!ready.isEmpty()) {
        next().run();
      } else if (timers.isEmpty() || timers.peek().time > end) {
        nanos = end;
        return until.getAsBoolean();
      } else {
        Timer timer = timers.remove();
        nanos = Math.max(nanos, timer.time);
        timer.command.run();
      }
    }
    return true;
  }

  private Runnable next() {
    int size = ready.size();
    int chosen = size == 1 ? 0 : choices.choose(size);
    Step step = ready.get(chosen);
    Step last = ready.removeLast();
    if (chosen < size - 1) {
      ready.set(chosen, last);
    }
    return step.group.isStopped || step.group.isEnded ? () -> step.group.keep(step) : step.run;
  }

  /// Runs a command after a delay, outside of all threads.
  void after(Duration delay, Runnable command) {
    var ignored = timer(delay, command);
  }

  Timer timer(Duration delay, Runnable command) {
    Timer timer = new Timer(nanos + Math.max(0, delay.toNanos()), timerCount++, command);
    timers.add(timer);
    return timer;
  }

  /// A point of the calling thread at which others may go first.
  void step() {
    choices.step(ready.size());
  }

  /// Lets other threads go first.
  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is this one
  static void letOthersGoFirst() {
    Thread.yield();
  }

  static void sleepForever() {
    while (true) {
      LockSupport.park();
    }
  }

  static void sleep(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  final class Timer implements ScheduledFuture<Void> {
    private final long time;
    private final long number;
    private final Runnable command;

    private Timer(long time, long number, Runnable command) {
      this.time = time;
      this.number = number;
      this.command = command;
    }

    @Override
    public int compareTo(Delayed other) {
      Timer timer = (Timer) other;
      return time == timer.time
          ? Long.compare(number, timer.number)
          : Long.compare(time, timer.time);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(time - nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean cancel(boolean interrupt) {
      return timers.remove(this);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public Void get() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Void get(long timeout, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }
  }

  /// The threads of a process, which can be stopped for a time, or end without being told.
  final class Group extends ForkJoinPool {
    private final List<Step> kept = new ArrayList<>();
    private final Thread.Builder builder;
    private boolean isStopped;
    private boolean isEnded;

    /// @param onFailure is called with what a thread throws
    Group(Thread.UncaughtExceptionHandler onFailure) {
      super(1);
      try {
        builder = ((Thread.Builder) BUILDER.newInstance(this)).uncaughtExceptionHandler(onFailure);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    void start(Runnable task) {
      builder.start(task);
    }

    @Override
    public void execute(Runnable run) {
      if (!isEnded) {
        ready.add(new Step(this, run));
      }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      return timer(Duration.of(delay, unit.toChronoUnit()), command);
    }

    private void keep(Step step) {
      if (!isEnded) {
        kept.add(step);
      }
    }

    /// Stops all threads, as a signal can do with a process.
    void stop() {
      isStopped = true;
    }

    void resume() {
      isStopped = false;
      ready.addAll(kept);
      kept.clear();
    }

    /// Ends all threads, as a crash does.
    void end() {
      isEnded = true;
      kept.clear();
    }

    boolean isEnded() {
      return isEnded;
    }

    boolean isStopped() {
      return isStopped;
    }
  }
}
