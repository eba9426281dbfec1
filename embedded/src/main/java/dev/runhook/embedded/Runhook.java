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
import dev.runhook.domain.run.StackId;
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

/// Runhook inside another service. It stores its tables in the service's PostgreSQL, in a schema of
/// their own, and sends deliveries from this process:
///
/// ```java
/// try (Runhook runhook = Runhook.on(dataSource).start()) {
///   runhook.journal().record(report, JdbiUnitOfWork.joining(connection));
/// }
/// ```
///
/// Several processes can use one database. All methods except [#close] are thread-safe.
public final class Runhook implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runhook.class);
  private static final Duration MAINTENANCE_INTERVAL = Duration.ofHours(3);
  private static final Duration ACCOUNT_WEBHOOKS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration STACK_PURGE_INTERVAL = Duration.ofSeconds(10);
  private static final Duration STOP_MARGIN = Duration.ofSeconds(5);

  private final AccountId account;
  private final Transactor transactor;
  private final Optional<DataSource> dataSource;
  private final Optional<PgNotifier> notifier;
  private final DispatchConfig dispatchConfig;
  private final boolean sendsDeliveries;
  private final Dispatcher dispatcher;
  private final DispatchHandoff handoff;
  private final DispatchLoop dispatchLoop;
  private final PeriodicTask maintenance;
  private final RunJournal journal;
  private final WebhookAdmin webhooks;
  private final AccountWebhookAdmin accountWebhooks;
  private final PeriodicTask copyingAccountWebhooks;
  private final PeriodicTask stackPurge;
  private final PeriodicTask reportingLag;
  private final DeliveryAdmin deliveries;

  /// Ends the threads of the default executor and the default transport.
  private final List<Runnable> closers = new ArrayList<>();

  private boolean started;

  Runhook(RunhookBuilder parts) {
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
        new RequestFactory(
            new WebhookSigner(true), parts.userAgent, parts.dispatchConfig.timeout());
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
        WebhookConfig.of(parts.egressPolicy, parts.renderer).withHandoff(handoff);
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

  private Transport newTransport(RunhookBuilder parts) {
    HttpTransport transport =
        new HttpTransport(TransportSettings.of(parts.egressPolicy), parts.clock);
    closers.add(transport::close);
    return transport;
  }

  /// Drops expired history, creates partitions for the coming days, and deletes expired idempotency
  /// keys.
  private static Runnable maintenance(RunhookBuilder parts, Transactor transactor) {
    Optional<Retention> retention =
        parts.dataSource.map(
            database -> new Retention(new JdbiHistoryPartitions(database), parts.retention));
    IdempotentRequests requests = new IdempotentRequests(transactor, parts.ids);
    return () -> {
      retention.ifPresent(Retention::apply);
      requests.deleteExpired();
    };
  }

  /// Returns a builder that stores in a PostgreSQL database.
  ///
  /// @param dataSource a pool with at least 4 connections for Runhook; one of them waits for
  ///   notifications all the time
  public static RunhookBuilder on(DataSource dataSource) {
    return new RunhookBuilder(dataSource);
  }

  /// Returns a builder that stores in another store, such as the test kit's `InMemoryTransactor`.
  public static RunhookBuilder on(Transactor transactor) {
    return new RunhookBuilder(transactor);
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

  /// Returns the id of a stack in the account of this service.
  ///
  /// @throws IllegalArgumentException if the slug is not valid
  public StackId stack(String slug) {
    return new StackId(account, slug);
  }

  /// Sends deliveries that a transaction of the service has recorded without further delay. Call it
  /// after the commit. Without this call, the next poll finds them within a second.
  public void wake() {
    handoff.wake();
  }

  /// For tests that call `poll`, with [RunhookBuilder#build].
  public Dispatcher dispatcher() {
    return dispatcher;
  }

  /// Returns false after [RunhookBuilder#recordOnly].
  public boolean sendsDeliveries() {
    return sendsDeliveries;
  }

  public DispatchConfig dispatchConfig() {
    return dispatchConfig;
  }

  /// For use cases that this class does not provide.
  public Transactor transactor() {
    return transactor;
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

  /// Completes the attempts in flight, leaves all other deliveries to the next start or to other
  /// processes, and ends all threads. Stop reporting transitions before. Does not close the data
  /// source.
  @Override
  public void close() {
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
