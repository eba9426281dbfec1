package dev.runhook.simulation;

import static java.util.Objects.requireNonNull;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.delivery.CancelRequest;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.run.RecordResult;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.embedded.Engine;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A world in which nodes with the real engine share a database and send to receivers, while users
/// work and faults happen. The random numbers, the choices and the plan decide everything.
final class World {
  static final Instant EPOCH = Samples.NOON;

  private static final Optional<List<Duration>> ONE_RETRY =
      Optional.of(List.of(Duration.ofSeconds(1)));
  private static final Actor USER = new Actor("user");
  private static final Duration HEALING = Duration.ofMinutes(60);
  private static final Duration CALM = Duration.ofSeconds(5);
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final List<StackId> STACKS =
      List.of(
          new StackId(new AccountId("a"), "one"),
          new StackId(new AccountId("a"), "two"),
          new StackId(new AccountId("b"), "one"));

  private final List<Action> plan;
  private final Stats stats;
  private final UnaryOperator<Transactor> fault;
  private final @Nullable List<String> story;
  private final Choices choices;
  private final Threads threads;
  private final Database database;
  private final Receivers receivers;
  private final Checks checks;
  private final List<NodeProcess.Node> nodes = new ArrayList<>();
  private final List<List<RunId>> runs = new ArrayList<>();
  private final List<List<WebhookId>> webhooks = new ArrayList<>();
  private final List<String> endpoints = new ArrayList<>();
  private @Nullable Violation violation;
  private long disturbedAt = -1;
  private int processes;
  private int endpointCount;
  private boolean isHealing;
  private boolean hasDeletedStacks;
  private int pendingUsers;

  /// @param random decides what the choices do not
  /// @param plan what happens, from outside
  /// @param stats counts what happens in this world, too
  /// @param fault changes the store of each process
  /// @param story gets what happens, if it is to be told
  World(
      Random random,
      Choices choices,
      List<Action> plan,
      Stats stats,
      UnaryOperator<Transactor> fault,
      @Nullable List<String> story) {
    this.plan = plan;
    this.stats = stats;
    this.fault = fault;
    this.story = story;
    this.choices = choices;
    this.threads = new Threads(random, choices);
    this.database = new Database(this);
    this.receivers = new Receivers(this);
    this.checks = new Checks(this);
    STACKS.forEach(ignored -> {
      runs.add(new ArrayList<>());
      webhooks.add(new ArrayList<>());
    });
  }

  /// Returns random numbers that differ from those of the next seed from the beginning.
  static Random random(long seed) {
    return new Random(new SplittableRandom(seed).nextLong());
  }

  /// Lets everything happen.
  ///
  /// @return the first broken promise, if there is one
  Optional<Violation> run(int nodeCount) {
    start(nodeCount, this::setUp);
    for (Action action : plan) {
      threads.after(Duration.ofMillis(action.millis()), () -> perform(action));
    }
    int end = plan.isEmpty() ? 0 : plan.getLast().millis();
    runUntil(() -> false, Duration.ofMillis(end).plus(CALM));
    return end();
  }

  /// Lets two nodes record a transition each of one run, for one webhook.
  ///
  /// @param begin is called before
  /// @param end is called when the transitions are delivered
  /// @return the first broken promise, if there is one
  Optional<Violation> runSmall(Runnable begin, Runnable end) {
    StackId stack = STACKS.getFirst();
    start(
        2,
        engine -> {
          engine.journal().register(Stack.named(stack, "Stack"));
          engine.webhooks().create(stack, CreateWebhookRequest.of(newEndpoint()), USER);
          startRun(engine, 0);
        });
    runUntil(() -> !checks.hasOpenDeliveries(), HEALING);
    receivers.setMode(endpoints.getFirst(), Receivers.Mode.FLAKY);
    begin.run();
    for (NodeProcess.Node node : nodes) {
      TransitionReport report =
          TransitionReport.of(runs.getFirst().getFirst(), Checks.state(node.index));
      user(node, engine -> recordAll(engine, List.of(report)));
      node.process.engine().dispatcher().handoff().wake();
    }
    runUntil(() -> false, MOMENT);
    runUntil(() -> !checks.hasOpenDeliveries(), HEALING);
    end.run();
    return end();
  }

  private void start(int nodeCount, java.util.function.Consumer<Engine> setUp) {
    stats.onWorld();
    for (int i = 0; i < nodeCount; i++) {
      nodes.add(new NodeProcess.Node(this, i));
      nodes.get(i).process.boot();
    }
    user(nodes.getFirst(), setUp);
    runUntil(() -> pendingUsers == 0, HEALING);
  }

  private Optional<Violation> end() {
    heal();
    if (violation == null && !runUntil(this::allNodesRun, HEALING)) {
      record("down for ever", "a node does not start");
    }
    runUntil(() -> false, CALM); // so that the calls of users end
    if (violation == null && !runUntil(() -> !checks.hasOpenDeliveries(), HEALING)) {
      record("open for ever", checks.findOpen().orElseThrow());
    }
    nodes.forEach(this::endsClaims); // even for webhooks that were deleted
    runUntil(() -> false, CALM);
    for (NodeProcess.Node node : nodes) {
      if (violation == null && !endsClaims(node)) {
        record("slots", node.process + " holds some at the end");
      }
    }
    return Optional.ofNullable(violation);
  }

  private boolean runUntil(java.util.function.BooleanSupplier condition, Duration limit) {
    return threads.run(() -> violation != null || condition.getAsBoolean(), limit)
        && violation == null;
  }

  private void setUp(Engine engine) {
    for (int i = 0; i < STACKS.size(); i++) {
      engine.journal().register(Stack.named(STACKS.get(i), "Stack"));
      createWebhook(engine, i, new Random(i));
      if (i == 0) {
        createWebhook(engine, i, new Random(7));
      }
    }
  }

  private void createWebhook(Engine engine, int stack, Random random) {
    CreateWebhookRequest request = CreateWebhookRequest.of(newEndpoint());
    if (random.nextInt(3) == 0) {
      request = request.onStates(RunState.QUEUED, RunState.PLANNING, RunState.FINISHED);
    } else if (random.nextInt(3) == 0) {
      request =
          request.onEvents(
              Event.Kind.RUN_STATE_CHANGED, Event.Kind.WEBHOOK_PAUSED, Event.Kind.DELIVERY_FAILED);
    }
    if (random.nextInt(3) == 0) {
      request = request.withDelivery(new DeliverySettings(Optional.empty(), ONE_RETRY));
    }
    webhooks.get(stack).add(engine.webhooks().create(STACKS.get(stack), request, USER).id());
  }

  private String newEndpoint() {
    String endpoint = "https://receiver.example/" + endpointCount++;
    endpoints.add(endpoint);
    return endpoint;
  }

  private boolean allNodesRun() {
    return nodes.stream().allMatch(node -> node.process.isRunning());
  }

  /// Runs a call of a user on a node. A crash ends it.
  private void user(NodeProcess.Node node, java.util.function.Consumer<Engine> call) {
    NodeProcess process = node.process;
    pendingUsers++;
    process.start(() -> {
      try {
        call.accept(process.engine());
      } catch (RefusedException | StoreUnavailableException e) {
        log(() -> "a user gets " + e.getMessage());
      } catch (IllegalStateException e) {
        if (!String.valueOf(e.getMessage()).startsWith("unknown stack")) { // deleted meanwhile
          throw e;
        }
      } finally {
        pendingUsers--;
      }
    });
  }

  private void perform(Action action) {
    stats.onAction(action.kind());
    log(() -> "== " + action);
    NodeProcess.Node node = nodes.get(action.node() % nodes.size());
    Random random = new Random(action.seed());
    switch (action.kind()) {
      case CRASH -> {
        if (random.nextBoolean()) {
          node.process.crashAt(Arrow.RARE.get(random.nextInt(Arrow.RARE.size())));
        } else {
          node.process.arm(action.kind(), random.nextInt(12));
        }
      }
      case STOP, CONNECTION_LOST, COMMIT_FAILS, COMMIT_UNKNOWN ->
          node.process.arm(action.kind(), random.nextInt(12));
      case SHUTDOWN -> node.process.shutDown();
      case NO_THREADS -> node.process.refuseThreads(Duration.ofMillis(random.nextInt(300)));
      case DATABASE_RESTART -> {
        database.restart(Duration.ofMillis(100 + random.nextInt(4000)));
        disturb();
        threads.after(Duration.ofSeconds(5), this::disturb);
      }
      case NODE_CLOCK -> {
        node.moveClock(Duration.ofSeconds(random.nextInt(200) - 100));
        disturb();
      }
      case DATABASE_CLOCK -> {
        database.moveClock(Duration.ofSeconds(random.nextInt(200) - 100));
        disturb();
      }
      case RECEIVER ->
          receivers.setMode(
              endpoints.get(random.nextInt(endpoints.size())), Receivers.Mode.choose(random));
      default -> user(node, engine -> act(engine, action.kind(), random));
    }
  }

  private void act(Engine engine, Action.Kind kind, Random random) {
    int number = random.nextInt(STACKS.size());
    StackId stack = STACKS.get(number);
    if (kind == Action.Kind.RECORD) {
      report(engine, number, random);
      return;
    }
    if (kind == Action.Kind.DELETE_STACK) {
      hasDeletedStacks = true;
      engine.journal().deleteStack(stack, USER);
      runs.get(number).clear();
      webhooks.get(number).clear();
      engine.journal().register(Stack.named(stack, "Stack"));
      createWebhook(engine, number, random);
      return;
    }
    if (kind == Action.Kind.CREATE_WEBHOOK || webhooks.get(number).isEmpty()) {
      createWebhook(engine, number, random);
      return;
    }
    WebhookId webhook = webhooks.get(number).get(random.nextInt(webhooks.get(number).size()));
    UpdateWebhookRequest change = UpdateWebhookRequest.empty();
    switch (kind) {
      case PING -> engine.deliveries().ping(stack, webhook, USER);
      case EDIT ->
          engine.webhooks().update(stack, webhook, change.withEndpoint(newEndpoint()), USER);
      case ROTATE ->
          engine
              .webhooks()
              .rotateSecret(
                  stack, webhook, new RotateSecretRequest(Optional.empty(), Duration.ZERO), USER);
      case DISABLE -> engine.webhooks().update(stack, webhook, change.withEnabled(false), USER);
      case ENABLE -> engine.webhooks().update(stack, webhook, change.withEnabled(true), USER);
      case DELETE_WEBHOOK -> {
        engine.webhooks().delete(stack, webhook, USER);
        webhooks.get(number).remove(webhook);
      }
      case CANCEL ->
          engine
              .deliveries()
              .cancellations()
              .cancelAll(
                  stack,
                  webhook,
                  new CancelRequest(
                      Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), ""),
                  USER);
      case ERASE -> {
        if (!runs.get(number).isEmpty()) {
          new PayloadErasure(engine.parts().stores().requests(), engine.parts().journal().ids())
              .erase(runs.get(number).getFirst(), USER);
        }
      }
      default -> throw new IllegalStateException("not a call of a user: " + kind);
    }
  }

  /// Reports transitions of a few runs at once, some of which end.
  private void report(Engine engine, int number, Random random) {
    List<RunId> known = runs.get(number);
    if (known.size() < 2 || random.nextInt(5) == 0) {
      startRun(engine, number);
      return;
    }
    List<TransitionReport> reports = new ArrayList<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      RunId run = known.get(random.nextInt(known.size()));
      reports.add(TransitionReport.of(run, Checks.state(random.nextInt(100))));
    }
    if (random.nextInt(3) == 0) {
      RunId ending = known.removeFirst();
      reports.add(TransitionReport.of(ending, RunState.FINISHED));
    }
    recordAll(engine, reports);
  }

  private void startRun(Engine engine, int number) {
    RunId run = new RunId(STACKS.get(number), engine.journal().nextRunName());
    NewRun first = NewRun.of(Samples.runDetails(), TransitionReport.of(run, RunState.QUEUED));
    checks.onAcknowledged(engine.journal().start(first));
    runs.get(number).add(run);
  }

  private void recordAll(Engine engine, List<TransitionReport> reports) {
    for (RecordResult result : engine.journal().recordAll(reports)) {
      switch (result) {
        case RecordResult.Recorded recorded -> checks.onAcknowledged(recorded);
        case RecordResult.Rejected(Refusal.NoSuchRun refusal) when !hasDeletedStacks ->
            throw fail("refused", "an existing run: " + refusal);
        case RecordResult.Rejected(var ignored) -> log(() -> "refused: " + ignored);
        case RecordResult.Failed(var failure) -> log(() -> "failed: " + failure);
      }
    }
  }

  /// Ends all faults, so that everything must be delivered.
  private void heal() {
    log(() -> "== the faults end");
    isHealing = true;
    receivers.repairAll();
    nodes.forEach(node -> {
      node.process.endFaults();
      if (node.process.isStopped()) {
        resume(node.process);
      }
    });
    threads.after(Duration.ofSeconds(30), this::enableWebhooks);
  }

  private void enableWebhooks() {
    STACKS.forEach(stack -> user(nodes.getFirst(), engine -> enableWebhooks(engine, stack)));
    threads.after(Duration.ofMinutes(1), this::enableWebhooks);
  }

  /// A crash may have kept from the user that a webhook was created, so this asks the engine.
  private static void enableWebhooks(Engine engine, StackId stack) {
    UpdateWebhookRequest enable = UpdateWebhookRequest.empty().withEnabled(true);
    engine
        .webhooks()
        .list(stack, PageRequest.first())
        .items()
        .forEach(webhook -> engine.webhooks().update(stack, webhook.id(), enable, USER));
  }

  /// Makes a node claim nothing more.
  ///
  /// @return whether it holds no slots
  private boolean endsClaims(NodeProcess.Node node) {
    try {
      return !node.process.isRunning() || node.process.engine().dispatcher().stop(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void stop(NodeProcess process) {
    log(() -> process + " is stopped");
    process.stop();
    disturb();
    threads.after(Duration.ofMillis(500 + threads.random().nextInt(30_000)), () -> resume(process));
  }

  private void resume(NodeProcess process) {
    log(() -> process + " continues");
    process.resume();
    disturb();
  }

  void restartLater(NodeProcess.Node node) {
    int longest = threads.random().nextInt(4) == 0 ? 15_000 : 1_000;
    Duration delay = Duration.ofMillis(100 + threads.random().nextInt(longest));
    threads.after(isHealing ? Duration.ofSeconds(1) : delay, node::boot);
  }

  void disturb() {
    disturbedAt = threads.nanos();
  }

  /// The time of the latest fault after which a delivery may be sent twice.
  long disturbedAt() {
    return nodes.stream().anyMatch(node -> node.process.isStopped()) ? Long.MAX_VALUE : disturbedAt;
  }

  Violation fail(String kind, String details) {
    record(kind, details);
    return requireNonNull(violation);
  }

  private void record(String kind, String details) {
    if (violation == null) {
      violation = new Violation(kind, details);
      log(() -> "!! " + kind + ": " + details);
    }
  }

  /// A thread of a process ended with a failure.
  void onFailure(NodeProcess process, Throwable failure) {
    onError(process, "a thread", failure);
  }

  void onError(NodeProcess process, String operation, Throwable failure) {
    log(() -> process + ": error in " + operation + ": " + failure);
    if (!(failure instanceof StoreUnavailableException)
        && !(failure instanceof NodeProcess.NoThreadError)
        && !(failure instanceof Violation)) {
      Violation error = fail("error", process + " in " + operation + ": " + failure);
      if (error.getCause() == null && error != failure) {
        error.initCause(failure);
      }
    }
  }

  void log(Supplier<String> text) {
    if (story != null) {
      story.add("%9.3f  %s".formatted(threads.nanos() / 1e9, text.get()));
    }
  }

  Duration idleWait(Duration wait) {
    return isHealing ? wait.multipliedBy(5) : wait;
  }

  int nextProcess() {
    return ++processes;
  }

  Transactor faulty(Transactor store) {
    return fault.apply(store);
  }

  boolean hasDeletedStacks() {
    return hasDeletedStacks;
  }

  Choices choices() {
    return choices;
  }

  Threads threads() {
    return threads;
  }

  Database database() {
    return database;
  }

  Receivers receivers() {
    return receivers;
  }

  Checks checks() {
    return checks;
  }

  Stats stats() {
    return stats;
  }
}
