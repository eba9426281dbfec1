package dev.runhook.testkit;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DeliveryDependencies;
import dev.runhook.application.dispatch.DeliveryTransport;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.DispatchContext;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// All use cases on a store with one stack. Nothing runs in the background: by default, recording a
/// transition sends its deliveries on the same thread.
public final class ApplicationFixture {
  public static final Actor ADA = new Actor("Ada");
  public static final Outcome SERVER_ERROR = Outcome.Responded.of(500);
  public static final DispatchConfig CONFIG =
      DispatchConfig.of(
              new RetrySchedule(
                  List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2))),
              new PausePolicy(100, List.of(Duration.ofMinutes(1), Duration.ofMinutes(10))),
              Duration.ofSeconds(10))
          .withMaxTimeout(DeliverySettings.MAX_TIMEOUT);
  private static final Pattern STATE = Pattern.compile("(?<=\"state\":\")[A-Z_]+");

  public final SettableClock clock;
  public final Transactor store;
  private final PayloadRenderer renderer;
  public final SequentialIdGenerator ids;
  public final ScriptedTransport transport;
  public final RecordingObserver observer = new RecordingObserver();
  public final RequestFactory requestFactory;
  public final WebhookAdmin webhooks;
  public final AccountWebhookAdmin accountWebhooks;
  public final Dispatcher dispatcher;
  public final RunJournal journal;
  public final DeliveryAdmin deliveries;

  /// Fails if an event is rendered in the format of a webhook while a transaction is open, because
  /// a user's template must not delay others.
  private record RendererOutsideTransactions(BooleanSupplier isInTransaction)
      implements PayloadRenderer {
    private static final PayloadRenderer PLAIN = new PlainPayloadRenderer();

    @Override
    public Payload render(Event event) {
      return PLAIN.render(event);
    }

    @Override
    public Payload render(DeliveryContent content, DeliverySettings settings) {
      if (isInTransaction.getAsBoolean()) {
        throw new AssertionError("an event is rendered inside a transaction");
      }
      return PLAIN.render(content, settings);
    }

    @Override
    public Optional<String> findTemplateError(String template) {
      return PLAIN.findTemplateError(template);
    }
  }

  /// Uses stores in memory, which have no read models.
  public ApplicationFixture() {
    this(CONFIG);
  }

  public ApplicationFixture(DispatchConfig config) {
    this(config, Runnable::run);
  }

  public ApplicationFixture(DispatchConfig config, Executor executor) {
    this(config, executor, executor);
  }

  public ApplicationFixture(DispatchConfig config, Executor executor, Executor transactions) {
    this(SettableClock.atNoon(), config, executor, transactions);
  }

  private ApplicationFixture(
      SettableClock clock, DispatchConfig config, Executor executor, Executor transactions) {
    this(new InMemoryTransactor(clock), clock, config, executor, transactions);
  }

  private ApplicationFixture(
      InMemoryTransactor store,
      SettableClock clock,
      DispatchConfig config,
      Executor executor,
      Executor transactions) {
    this(store, store::isInTransaction, clock, config, executor, transactions);
  }

  public ApplicationFixture(PostgresStore store) {
    this(store, store::isInTransaction, store.clock, CONFIG, Runnable::run, Runnable::run);
  }

  private ApplicationFixture(
      Transactor store,
      BooleanSupplier isInTransaction,
      SettableClock clock,
      DispatchConfig config,
      Executor executor,
      Executor transactions) {
    this.clock = clock;
    this.store = store;
    ids = new SequentialIdGenerator(clock);
    transport = new ScriptedTransport(isInTransaction);
    renderer = new RendererOutsideTransactions(isInTransaction);
    requestFactory = new RequestFactory(new WebhookSigner(true), "Runhook/test", config);
    var webhookConfig =
        WebhookConfig.of(new EgressPolicy(List.of()), renderer)
            .withMaxTimeout(DeliverySettings.MAX_TIMEOUT);
    webhooks = new WebhookAdmin(store, webhookConfig, ids, clock, new Random(7), observer);
    accountWebhooks =
        new AccountWebhookAdmin(store, webhookConfig, ids, clock, new Random(7), observer);
    dispatcher = dispatcher(store, config, executor, transactions);
    journal = journal(dispatcher.handoff(), Runnable::run);
    deliveries = new DeliveryAdmin(store, deliveryDependencies(), dispatcher.handoff());
    journal.register(Samples.stack());
  }

  /// Returns another dispatcher, which uses the given buckets.
  public Dispatcher dispatcher(BucketRouter buckets, DispatchConfig config, Executor executor) {
    return dispatcher(buckets, config, executor, executor);
  }

  private Dispatcher dispatcher(
      BucketRouter buckets, DispatchConfig config, Executor executor, Executor transactions) {
    return new Dispatcher(
        buckets,
        new DeliveryTransport(renderer, requestFactory, transport, observer),
        config,
        new DispatchContext(clock, clock.ticker(), new Random(7), executor, transactions),
        new OperationalEvents(renderer, ids));
  }

  public DeliveryDependencies deliveryDependencies() {
    return new DeliveryDependencies(
        requestFactory, transport, renderer, ids, clock, clock.ticker(), Runnable::run);
  }

  public RunJournal journal(DispatchHandoff handoff, Executor executor) {
    return new RunJournal(store, new JournalDependencies(renderer, ids, clock), handoff, executor);
  }

  public Webhook createWebhook(int number) {
    return createWebhook(CreateWebhookRequest.of(Samples.endpoint(number).text()));
  }

  public Webhook createWebhook(CreateWebhookRequest webhook) {
    return webhooks.create(Samples.DEMO, webhook, ADA);
  }

  /// Creates a webhook whose deliveries fail with their first failed attempt.
  public Webhook createWebhookWithoutRetries(int number) {
    return createWebhook(
        CreateWebhookRequest.of(Samples.endpoint(number).text())
            .withDelivery(new DeliverySettings(Optional.empty(), Optional.of(List.of()))));
  }

  public Webhook reload(Webhook webhook) {
    return webhooks.get(webhook.stack(), webhook.id());
  }

  /// Starts a run, which sends the state QUEUED.
  public RunId startRun(String name) {
    RunId run = new RunId(Samples.DEMO, name);
    journal.start(Samples.newRun(run));
    return run;
  }

  public void record(RunId run, RunState... states) {
    for (RunState state : states) {
      journal.record(TransitionReport.of(run, state));
    }
  }

  public void respondWith(Webhook webhook, Outcome outcome) {
    transport.respondByDefault(webhook.settings().endpoint(), outcome);
  }

  /// Advances the clock and polls.
  public void advance(Duration time) {
    clock.advance(time);
    dispatcher.poll();
  }

  /// Returns the state of each request to the webhook, one for each attempt.
  public List<String> sentStates(Webhook webhook) {
    return transport.requestsTo(webhook.settings().endpoint()).stream()
        .flatMap(
            request -> STATE.matcher(request.payload().text()).results().map(MatchResult::group))
        .toList();
  }

  /// Returns the deliveries of a webhook, newest first.
  public List<Delivery> deliveriesOf(Webhook webhook) {
    return deliveries
        .list(
            DeliveryFilter.of(DeliveryScope.of(webhook.stack(), webhook.id())), PageRequest.first())
        .items();
  }

  public Delivery latestDeliveryOf(Webhook webhook) {
    return deliveriesOf(webhook).getFirst();
  }
}
