package dev.runhook.embedded;

import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DeliveryDependencies;
import dev.runhook.application.dispatch.DeliveryTransport;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.DispatchContext;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.LagMonitor;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.retention.Retention;
import dev.runhook.application.retention.StackPurge;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.persistence.PgNotifier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The use cases of one process, its loop and its timers, composed from [EngineParts]. The server
/// and [Runhook] are built around it. A [Supervisor] watches all threads. All methods except
/// [#start] and [#stop] are thread-safe.
public final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration RETENTION_INTERVAL = Duration.ofHours(3);
  private static final Duration ACCOUNT_WEBHOOKS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration STACK_PURGE_INTERVAL = Duration.ofSeconds(10);
  private static final Duration TASK_STOP_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration STOP_MARGIN = Duration.ofSeconds(5);

  private final EngineParts parts;
  private final Supervisor supervisor;
  private final Optional<PgNotifier> notifier;
  private final Dispatcher dispatcher;
  private final DispatchHandoff handoff;
  private final DispatchLoop dispatchLoop;
  private final RunJournal journal;
  private final WebhookAdmin webhooks;
  private final AccountWebhookAdmin accountWebhooks;
  private final DeliveryAdmin deliveries;
  private final IdempotentRequests idempotentRequests;
  private final Retention retention;
  private final List<PeriodicTask> tasks = new ArrayList<>();

  /// Composes the parts and starts nothing.
  public Engine(EngineParts parts) {
    this.parts = parts;
    BucketRouter buckets = parts.stores().requests();
    DispatchObserver observer = new CompositeDispatchObserver(parts.observers());
    this.supervisor = new Supervisor(observer, parts.onFailure());
    DispatchContext context = supervised(parts.context());
    InstantSource clock = context.clock();
    PayloadRenderer renderer = parts.journal().renderer();
    IdGenerator ids = parts.journal().ids();
    OperationalEvents operationalEvents = new OperationalEvents(renderer, ids);
    this.notifier =
        parts
            .stores()
            .notifications()
            .map(database -> new PgNotifier(database, parts.stores().schema(), supervisor));
    this.dispatcher =
        new Dispatcher(
            parts.stores().dispatcher(),
            new DeliveryTransport(renderer, parts.requests(), parts.transport(), observer),
            parts.dispatch(),
            context,
            operationalEvents);
    this.dispatchLoop =
        new DispatchLoop(
            dispatcher, parts.stores().dispatcher().all().size(), observer, supervisor);
    this.handoff =
        parts.sendsDeliveries()
            ? dispatcher.handoff()
            : DispatchHandoff.wakeOnly(() -> notifier.ifPresent(PgNotifier::notifyDue));
    this.journal = new RunJournal(buckets, parts.journal(), handoff, context.transactions());
    WebhookConfig config = parts.webhooks().withHandoff(handoff);
    this.webhooks = new WebhookAdmin(buckets, config, ids, clock, context.random(), observer);
    this.accountWebhooks =
        new AccountWebhookAdmin(buckets, config, ids, clock, context.random(), observer);
    this.deliveries =
        new DeliveryAdmin(
            buckets,
            new DeliveryDependencies(
                parts.requests(),
                parts.transport(),
                renderer,
                ids,
                clock,
                context.ticker(),
                context.executor()),
            handoff);
    this.idempotentRequests = new IdempotentRequests(buckets, ids);
    this.retention = new Retention(parts.stores().history(), parts.retention());
    addTask("retention", RETENTION_INTERVAL, this::applyRetention);
    addTask("account-webhooks", ACCOUNT_WEBHOOKS_INTERVAL, accountWebhooks::copyChanges);
    addTask("stack-purge", STACK_PURGE_INTERVAL, new StackPurge(buckets)::run);
    if (parts.sendsDeliveries()) {
      LagMonitor lag = new LagMonitor(buckets, operationalEvents, parts.laggingAfter());
      addTask("queue-lag", lag.interval(), lag::report);
    }
    addTask("supervisor", Supervisor.CHECK_INTERVAL, supervisor::check);
  }

  private DispatchContext supervised(DispatchContext context) {
    return new DispatchContext(
        context.clock(),
        context.ticker(),
        context.random(),
        supervisor.supervise("attempts", context.executor()),
        supervisor.supervise("transactions", context.transactions()));
  }

  private void addTask(String name, Duration interval, Runnable task) {
    tasks.add(new PeriodicTask("runhook-" + name, interval, task, supervisor));
  }

  public EngineParts parts() {
    return parts;
  }

  /// Registers stacks and runs, and records transitions.
  public RunJournal journal() {
    return journal;
  }

  public WebhookAdmin webhooks() {
    return webhooks;
  }

  public AccountWebhookAdmin accountWebhooks() {
    return accountWebhooks;
  }

  public DeliveryAdmin deliveries() {
    return deliveries;
  }

  public IdempotentRequests idempotentRequests() {
    return idempotentRequests;
  }

  public Dispatcher dispatcher() {
    return dispatcher;
  }

  public Supervisor supervisor() {
    return supervisor;
  }

  /// Returns the timers. A host that has its own threads runs them, and polls the [#dispatcher],
  /// instead of calling [#start].
  public List<PeriodicTask> timers() {
    return List.copyOf(tasks);
  }

  /// Makes this process, or the one that sends, look for due deliveries immediately.
  public void wake() {
    handoff.wake();
  }

  public boolean sendsDeliveries() {
    return parts.sendsDeliveries();
  }

  public DispatchConfig dispatchConfig() {
    return parts.dispatch();
  }

  /// Starts the loop and the timers. The tables must exist.
  public void start() {
    if (parts.sendsDeliveries()) {
      dispatchLoop.start();
      notifier.ifPresent(listener -> listener.listen(dispatchLoop::wake));
    }
    tasks.forEach(PeriodicTask::start);
  }

  /// Ends the timers, completes the attempts in flight, and leaves all other deliveries to the next
  /// start or to other processes. Afterwards no thread of the engine uses a connection.
  public void stop() {
    notifier.ifPresent(PgNotifier::stop);
    tasks.reversed().forEach(task -> task.stop(TASK_STOP_TIMEOUT));
    if (parts.sendsDeliveries()) {
      stopSending();
    }
    notifier.ifPresent(PgNotifier::close);
  }

  private void stopSending() {
    try {
      if (!dispatchLoop.stop(parts.dispatch().timeout().plus(STOP_MARGIN))) {
        LOG.warn("some attempts did not end in time; they are repeated when their leases expire");
      }
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
  }

  /// Creates partitions for the coming days, and deletes expired history and idempotency keys.
  private void applyRetention() {
    int partitions = retention.apply();
    if (partitions > 0) {
      LOG.atInfo().addKeyValue("partitions", partitions).log("dropped expired partitions");
    }
    idempotentRequests.deleteExpired();
  }
}
