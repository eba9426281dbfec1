package dev.runhook.embedded;

import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DeliveryDependencies;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.LagMonitor;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.retention.Retention;
import dev.runhook.application.retention.StackPurge;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.PgNotifier;
import dev.runhook.persistence.schema.JdbiHistoryPartitions;
import dev.runhook.persistence.schema.Schema;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of an embedded Runhook, connected, and its threads and timers.
final class EmbeddedEngine {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedEngine.class);
  private static final Duration MAINTENANCE_INTERVAL = Duration.ofHours(3);
  private static final Duration ACCOUNT_WEBHOOKS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration STACK_PURGE_INTERVAL = Duration.ofSeconds(10);
  private static final Duration STOP_MARGIN = Duration.ofSeconds(5);

  final AccountId account;
  final Transactor transactor;
  private final Optional<DataSource> dataSource;
  private final Optional<PgNotifier> notifier;
  final DispatchConfig dispatchConfig;
  final boolean sendsDeliveries;
  final Dispatcher dispatcher;
  final DispatchHandoff handoff;
  private final DispatchLoop dispatchLoop;
  private final PeriodicTask maintenance;
  final RunJournal journal;
  final WebhookAdmin webhooks;
  final AccountWebhookAdmin accountWebhooks;
  private final PeriodicTask copyingAccountWebhooks;
  private final PeriodicTask stackPurge;
  private final PeriodicTask reportingLag;
  final DeliveryAdmin deliveries;

  /// Ends the threads of the default executor and the default transport.
  private final List<Runnable> closers = new ArrayList<>();

  private boolean started;

  EmbeddedEngine(RunhookParts parts) {
    this.account = parts.account;
    this.dataSource = parts.dataSource;
    this.transactor =
        parts.transactor.orElseGet(
            () -> new JdbiTransactor(dataSource.orElseThrow(), parts.cipher));
    this.notifier = dataSource.map(PgNotifier::new);
    this.dispatchConfig = parts.dispatchConfig;
    this.sendsDeliveries = parts.sendsDeliveries;
    Executor executor = parts.executor.orElseGet(this::newExecutor);
    DispatchObserver observer = new CompositeDispatchObserver(List.copyOf(parts.observers));
    SecureRandom random = new SecureRandom();
    RequestFactory requests =
        new RequestFactory(new WebhookSigner(true), parts.userAgent, parts.dispatchConfig);
    Transport transport = parts.transport.orElseGet(() -> newTransport(parts));
    OperationalEvents operationalEvents = new OperationalEvents(parts.renderer, parts.ids);
    this.dispatcher =
        new Dispatcher(
            transactor,
            new Dispatcher.DeliveryTransport(parts.renderer, requests, transport, observer),
            parts.dispatchConfig,
            new Dispatcher.DispatchContext(parts.clock, parts.ticker, random, executor),
            operationalEvents);
    LagMonitor lagMonitor = new LagMonitor(transactor, operationalEvents, parts.laggingAfter);
    this.reportingLag =
        new PeriodicTask("runhook-queue-lag", lagMonitor.interval(), lagMonitor::report);
    this.handoff =
        sendsDeliveries
            ? dispatcher.handoff()
            : DispatchHandoff.wakeOnly(() -> notifier.ifPresent(PgNotifier::notifyDue));
    this.dispatchLoop = new DispatchLoop(dispatcher, observer);
    this.maintenance =
        new PeriodicTask(
            "runhook-maintenance", MAINTENANCE_INTERVAL, maintenance(parts, transactor));
    this.journal =
        new RunJournal(
            transactor,
            new RunJournal.Dependencies(parts.renderer, parts.ids, parts.clock)
                .withHostTransaction(parts.hostTransaction),
            handoff,
            executor);
    WebhookConfig webhookConfig =
        WebhookConfig.of(parts.egressPolicy, parts.renderer)
            .withHandoff(handoff)
            .withMaxTimeout(parts.dispatchConfig.maxTimeout());
    this.webhooks =
        new WebhookAdmin(transactor, webhookConfig, parts.ids, parts.clock, random, observer);
    this.accountWebhooks =
        new AccountWebhookAdmin(
            transactor, webhookConfig, parts.ids, parts.clock, random, observer);
    this.copyingAccountWebhooks =
        new PeriodicTask(
            "runhook-account-webhooks", ACCOUNT_WEBHOOKS_INTERVAL, accountWebhooks::copyChanges);
    this.stackPurge =
        new PeriodicTask(
            "runhook-stack-purge", STACK_PURGE_INTERVAL, new StackPurge(transactor)::run);
    this.deliveries =
        new DeliveryAdmin(
            transactor,
            new DeliveryDependencies(
                requests, transport, parts.renderer, parts.ids, parts.clock, parts.ticker),
            handoff);
  }

  private Executor newExecutor() {
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    closers.add(() -> PeriodicTask.shutDown(executor, STOP_MARGIN));
    return executor;
  }

  private Transport newTransport(RunhookParts parts) {
    HttpTransport transport =
        new HttpTransport(TransportSettings.of(parts.egressPolicy), parts.clock);
    closers.add(transport::close);
    return transport;
  }

  /// Drops expired history, creates partitions for the coming days, and deletes expired idempotency
  /// keys.
  private static Runnable maintenance(RunhookParts parts, Transactor transactor) {
    Optional<Retention> retention =
        parts.dataSource.map(
            database -> new Retention(new JdbiHistoryPartitions(database), parts.retention));
    IdempotentRequests requests = new IdempotentRequests(transactor, parts.ids);
    return () -> {
      retention.ifPresent(Retention::apply);
      requests.deleteExpired();
    };
  }

  void start() {
    if (sendsDeliveries) {
      notifier.ifPresent(PgNotifier::requireConnections);
    }
    dataSource.ifPresent(database -> new Schema(database).migrate());
    started = true;
    maintenance.start();
    copyingAccountWebhooks.start();
    stackPurge.start();
    if (sendsDeliveries) {
      dispatchLoop.start();
      reportingLag.start();
      notifier.ifPresent(listener -> listener.listen(dispatchLoop::wake));
    }
  }

  /// Completes the attempts in flight and ends all threads.
  void close() {
    notifier.ifPresent(PgNotifier::close);
    if (started) {
      copyingAccountWebhooks.stop(STOP_MARGIN);
      maintenance.stop(STOP_MARGIN);
      stackPurge.stop(Duration.ofSeconds(1));
      reportingLag.stop(Duration.ofSeconds(1));
      if (sendsDeliveries) {
        stopSending();
      }
    }
    closers.forEach(Runnable::run);
  }

  private void stopSending() {
    try {
      if (!dispatchLoop.stop(dispatchConfig.timeout().plus(STOP_MARGIN))) {
        LOG.warn("some attempts did not end in time; they are repeated when their leases expire");
      }
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
  }
}
