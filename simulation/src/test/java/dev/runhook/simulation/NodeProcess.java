package dev.runhook.simulation;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.DispatchContext;
import dev.runhook.application.dispatch.PollResult;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.embedded.Engine;
import dev.runhook.embedded.EngineParts;
import dev.runhook.embedded.EngineStores;
import dev.runhook.embedded.PeriodicTask;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.SequentialIdGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A process of a node, with a real [Engine]. It polls and runs the timers as the threads of the
/// engine do. A crash ends all of its threads between two steps.
final class NodeProcess {
  static final List<Duration> RETRIES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(5));
  static final DispatchConfig CONFIG =
      DispatchConfig.of(
              new RetrySchedule(RETRIES, Duration.ofSeconds(2)),
              new PausePolicy(3, List.of(Duration.ofSeconds(1), Duration.ofSeconds(4))),
              Duration.ofSeconds(2))
          .withLease(DispatchConfig.MIN_LEASE)
          .withConcurrency(8, 3);
  private static final Duration MIN_WAIT = Duration.ofMillis(20);
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);
  private static final Duration MAX_SHUTDOWN = Duration.ofSeconds(3);
  private static final Duration WAIT_AFTER_ERROR = Duration.ofMillis(500);
  private static final EgressPolicy EGRESS = new EgressPolicy(List.of());

  private final World world;
  private final Node node;
  private final int number;
  private final Threads.Group threads;
  private final Engine engine;
  private int stepsUntilFault;
  private Action.@Nullable Kind fault;
  private @Nullable Arrow crashArrow;
  private Action.@Nullable Kind commitFault;
  private long hasThreadsFrom;

  NodeProcess(World world, Node node, int number) {
    this.world = world;
    this.node = node;
    this.number = number;
    this.threads = world.threads().new Group((ignored, failure) -> world.onFailure(this, failure));
    this.engine = new Engine(parts());
  }

  private EngineParts parts() {
    InstantSource clock = node::clock;
    Transactor store = world.faulty(world.database().transactorOf(this));
    PlainPayloadRenderer renderer = new PlainPayloadRenderer();
    return new EngineParts(
        new EngineStores(store, store, List.of(), Optional.empty(), BucketSchema.ONLY),
        new JournalDependencies(renderer, new SequentialIdGenerator(clock, number), clock),
        WebhookConfig.of(EGRESS, renderer),
        CONFIG,
        new RequestFactory(new WebhookSigner(false), "Runhook", CONFIG),
        request -> world.receivers().post(this, request),
        new DispatchContext(
            clock,
            world.threads()::nanos,
            new Random(world.threads().random().nextLong()),
            this::startIfPossible,
            this::startIfPossible),
        List.of(
            new DispatchObserver() {
              @Override
              public void onError(String operation, Throwable failure) {
                world.onError(NodeProcess.this, operation, failure);
              }
            }),
        Duration.ofDays(30),
        Duration.ofSeconds(20),
        () -> {},
        true);
  }

  void boot() {
    start(this::poll);
    engine.timers().forEach(timer -> start(() -> run(timer)));
  }

  void start(Runnable task) {
    threads.start(task);
  }

  private void startIfPossible(Runnable task) {
    if (world.threads().nanos() < hasThreadsFrom) {
      throw new NoThreadError();
    }
    start(task);
  }

  private void poll() {
    while (true) {
      Duration wait = pollOnce();
      if (!wait.isZero()) {
        Threads.Timer timer =
            world.threads().timer(world.idleWait(wait), () -> engine.dispatcher().handoff().wake());
        try {
          engine.dispatcher().awaitWork(Duration.ofDays(1));
        } catch (InterruptedException e) {
          return;
        }
        timer.cancel(false);
      } else {
        Threads.letOthersGoFirst();
      }
    }
  }

  private Duration pollOnce() {
    try {
      PollResult result = engine.dispatcher().poll();
      if (result.limitReached()) {
        return Duration.ZERO;
      }
      Duration wait = result.timeUntilNextDue().orElse(MAX_WAIT);
      return wait.compareTo(MIN_WAIT) < 0
          ? MIN_WAIT
          : wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
    } catch (RuntimeException e) {
      world.onError(this, "claiming due deliveries", e);
      return WAIT_AFTER_ERROR;
    }
  }

  private void run(PeriodicTask timer) {
    while (true) {
      timer.runOnce();
      Threads.sleep(timer.interval());
    }
  }

  Engine engine() {
    return engine;
  }

  /// What the JDK throws if it cannot start a thread.
  static final class NoThreadError extends OutOfMemoryError {
    private static final long serialVersionUID = 1;

    NoThreadError() {
      super("unable to create native thread");
    }
  }

  /// Makes a fault happen some steps later.
  void arm(Action.Kind kind, int steps) {
    if (kind == Action.Kind.COMMIT_FAILS || kind == Action.Kind.COMMIT_UNKNOWN) {
      commitFault = kind;
    } else {
      fault = kind;
      stepsUntilFault = steps;
    }
  }

  /// Crashes the process in or after a transaction with this arrow.
  void crashAt(Arrow arrow) {
    crashArrow = arrow;
  }

  void endFaults() {
    fault = null;
    commitFault = null;
    crashArrow = null;
    hasThreadsFrom = 0;
  }

  /// Lets the engine start no thread for some time.
  void refuseThreads(Duration time) {
    hasThreadsFrom = world.threads().nanos() + time.toNanos();
  }

  /// A point at which other threads may go first.
  void step() {
    world.threads().step();
  }

  /// A point at which faults can happen, too: in or after a transaction that changes deliveries, or
  /// during an attempt.
  ///
  /// @param arrows of the transaction; none during an attempt
  void riskyStep(EnumSet<Arrow> arrows) {
    if (crashArrow != null
        && arrows.contains(crashArrow)
        && world.threads().random().nextBoolean()) {
      crash(arrows);
    }
    if (world.choices().crashes()) {
      crash(arrows);
    }
    if (fault != null && stepsUntilFault-- <= 0) {
      Action.Kind now = fault;
      if (now == Action.Kind.CRASH) {
        crash(arrows);
      } else if (now == Action.Kind.STOP) {
        fault = null;
        world.stop(this);
        Threads.letOthersGoFirst();
      }
    }
    step();
  }

  boolean losesConnection() {
    boolean lost = fault == Action.Kind.CONNECTION_LOST && stepsUntilFault <= 0;
    if (lost) {
      fault = null;
      world.disturb();
    }
    return lost;
  }

  Action.@Nullable Kind takeCommitFault() {
    Action.Kind taken = commitFault;
    commitFault = null;
    if (taken != null) {
      world.disturb();
    }
    return taken;
  }

  void afterCommit(EnumSet<Arrow> arrows) {
    if (arrows.isEmpty()) {
      step();
      return;
    }
    riskyStep(arrows);
  }

  /// Ends the process, with the calling thread.
  private void crash(EnumSet<Arrow> arrows) {
    world.log(() -> this + " crashes");
    world.stats().onCrash(arrows);
    world.disturb();
    end();
    Threads.sleepForever();
  }

  /// Ends the process when its attempts have ended, or after some time.
  void shutDown() {
    start(() -> {
      world.log(() -> this + " shuts down");
      try {
        if (!engine.dispatcher().stop(MAX_SHUTDOWN)) {
          world.disturb();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      end();
    });
  }

  private void end() {
    threads.end();
    world.database().disconnect(this);
    world.receivers().forget(this);
    world.restartLater(node);
  }

  boolean isRunning() {
    return !threads.isEnded();
  }

  boolean isStopped() {
    return threads.isStopped();
  }

  void stop() {
    threads.stop();
  }

  void resume() {
    threads.resume();
  }

  /// A node, which has a clock of its own.
  static final class Node {
    final int index;
    private final World world;
    private long clockOffset;
    NodeProcess process;

    Node(World world, int index) {
      this.world = world;
      this.index = index;
      this.process = new NodeProcess(world, this, world.nextProcess());
    }

    void boot() {
      process = new NodeProcess(world, this, world.nextProcess());
      process.boot();
    }

    Instant clock() {
      return World.EPOCH.plusNanos(world.threads().nanos() + clockOffset);
    }

    void moveClock(Duration by) {
      clockOffset += by.toNanos();
    }
  }

  @Override
  public String toString() {
    return "node " + node.index;
  }
}
