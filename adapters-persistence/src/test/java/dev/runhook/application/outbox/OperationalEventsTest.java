package dev.runhook.application.outbox;

import static dev.runhook.domain.event.Event.Kind.DELIVERY_FAILED;
import static dev.runhook.domain.event.Event.Kind.QUEUE_LAGGING;
import static dev.runhook.domain.event.Event.Kind.RUN_STATE_CHANGED;
import static dev.runhook.domain.event.Event.Kind.SECRET_ROTATED;
import static dev.runhook.domain.event.Event.Kind.WEBHOOK_DISABLED;
import static dev.runhook.domain.event.Event.Kind.WEBHOOK_PAUSED;
import static dev.runhook.domain.event.Event.Kind.WEBHOOK_RESUMED;
import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.outbox.OperationalEvents.Occurrence;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationalEventsTest {
  private static final PausePolicy AFTER_2 = new PausePolicy(2, List.of(Duration.ofMinutes(1)));
  private final ApplicationFixture app =
      new ApplicationFixture(DispatchConfig.of(CONFIG.retrySchedule(), AFTER_2, CONFIG.timeout()));
  private final Webhook webhook = app.createWebhook(1);

  private Webhook createAlerts(int number, Kind first, Kind... others) {
    return app.createWebhook(
        CreateWebhookRequest.of(Samples.endpoint(number).text()).onEvents(first, others));
  }

  /// Sends what is due and returns the requests to the webhook.
  private List<String> eventsSentTo(Webhook receiver) {
    app.dispatcher.poll();
    return app.transport.requestsTo(receiver.settings().endpoint()).stream()
        .map(request -> request.payload().text())
        .toList();
  }

  private static String event(Kind kind, Webhook about) {
    return "{\"event\":\"%s\",\"webhook\":\"%s\"}".formatted(kind.wireName(), about.id());
  }

  private void pause() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    app.startRun("run-2");
    assertThat(app.reload(webhook).health()).isInstanceOf(Health.Paused.class);
  }

  @Test
  void another_webhook_is_notified_when_a_webhook_is_paused_and_resumed() {
    Webhook alerts = createAlerts(2, WEBHOOK_PAUSED, WEBHOOK_RESUMED);
    pause();

    assertThat(eventsSentTo(alerts)).containsExactly(event(WEBHOOK_PAUSED, webhook));

    app.respondWith(webhook, Outcome.Responded.of(200));
    app.advance(Duration.ofMinutes(1));
    assertThat(eventsSentTo(alerts))
        .containsExactly(event(WEBHOOK_PAUSED, webhook), event(WEBHOOK_RESUMED, webhook));
    assertThat(app.latestDeliveryOf(alerts).kind()).isEqualTo(WEBHOOK_RESUMED);
    assertThat(app.latestDeliveryOf(alerts).transition()).isEmpty();
    assertThat(
            app.deliveries
                .get(Samples.ACME, app.latestDeliveryOf(alerts).id())
                .explanation()
                .getFirst()
                .code())
        .isEqualTo(Code.EVENT_CREATED);
  }

  @Test
  void an_event_about_a_webhook_waits_for_the_retry_of_an_earlier_one() {
    Webhook alerts = createAlerts(2, WEBHOOK_PAUSED, WEBHOOK_RESUMED);
    app.respondWith(alerts, SERVER_ERROR);
    pause();
    app.dispatcher.poll();
    app.respondWith(webhook, Outcome.Responded.of(200));
    app.webhooks.resume(Samples.DEMO, webhook.id(), ADA);
    app.dispatcher.poll();
    List<Delivery> ofAlerts = app.deliveriesOf(alerts);
    Delivery head = ofAlerts.getLast();

    List<Explanation> explanation =
        app.deliveries.get(Samples.ACME, ofAlerts.getFirst().id()).explanation();
    app.respondWith(alerts, Outcome.Responded.of(200));
    app.advance(Duration.ofHours(1));

    assertThat(explanation.getLast())
        .isEqualTo(
            Code.LANE_EVENT_DUE.with(
                "webhook_paused", head.id(), head.nextAttemptAt().orElseThrow(), 1));
    assertThat(eventsSentTo(alerts))
        .containsExactly(
            event(WEBHOOK_PAUSED, webhook),
            event(WEBHOOK_PAUSED, webhook),
            event(WEBHOOK_RESUMED, webhook));
  }

  @Test
  void a_template_is_not_rendered_in_the_transaction_that_writes_the_event() {
    Webhook alerts =
        app.createWebhook(
            CreateWebhookRequest.of(Samples.endpoint(2).text())
                .withDelivery(DeliverySettings.defaults().withTemplate("alert"))
                .onEvents(WEBHOOK_PAUSED));

    pause();

    assertThat(eventsSentTo(alerts)).containsExactly("alert:" + event(WEBHOOK_PAUSED, webhook));
  }

  @Test
  void a_shared_transaction_omits_events_beyond_a_limit_of_deliveries_for_each_account() {
    List<Webhook> listeners =
        IntStream.rangeClosed(2, 100).mapToObj(n -> createAlerts(n, DELIVERY_FAILED)).toList();
    OperationalEvents events = new OperationalEvents(new PlainPayloadRenderer(), app.ids);
    Details failure =
        new Details.DeliveryFailed("d-1", Kind.RUN_STATE_CHANGED, Optional.empty(), 1, "no");

    OperationalEvents.Written written =
        app.store.inTransaction(unit ->
            events.write(
                unit,
                Collections.nCopies(200, new Occurrence(webhook, failure)),
                OperationalEvents.MAX_SHARED_DELIVERIES));

    assertThat(written).isEqualTo(new OperationalEvents.Written(6 * 99, 194));
    assertThat(listeners).allSatisfy(listener -> assertThat(app.deliveriesOf(listener)).hasSize(6));
  }

  @Test
  void a_user_who_resumes_disables_or_enables_a_webhook_causes_events() {
    Webhook alerts = createAlerts(2, WEBHOOK_DISABLED, WEBHOOK_RESUMED);
    pause();

    app.webhooks.resume(Samples.DEMO, webhook.id(), ADA);
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(true), ADA);

    assertThat(eventsSentTo(alerts))
        .containsExactly(
            event(WEBHOOK_RESUMED, webhook),
            event(WEBHOOK_DISABLED, webhook),
            event(WEBHOOK_RESUMED, webhook));
  }

  @Test
  void a_receiver_that_is_gone_causes_an_event() {
    Webhook alerts = createAlerts(2, WEBHOOK_DISABLED, RUN_STATE_CHANGED);
    app.respondWith(webhook, Outcome.Responded.of(410));

    app.startRun("run-1");

    assertThat(eventsSentTo(alerts)).hasSize(2).contains(event(WEBHOOK_DISABLED, webhook));
  }

  @Test
  void a_delivery_that_fails_permanently_causes_one_event() {
    Webhook alerts = createAlerts(2, DELIVERY_FAILED);
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");

    for (int i = 0; i < 5; i++) {
      app.advance(Duration.ofMinutes(10));
    }

    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Delivery.Status.FAILED);
    assertThat(eventsSentTo(alerts)).containsExactly(event(DELIVERY_FAILED, webhook));
  }

  @Test
  void a_new_secret_causes_an_event() {
    Webhook alerts = createAlerts(2, SECRET_ROTATED);

    app.webhooks.rotateSecret(
        Samples.DEMO,
        webhook.id(),
        new RotateSecretRequest(Optional.empty(), Duration.ofHours(1)),
        ADA);
    app.webhooks.revokePreviousSecret(Samples.DEMO, webhook.id(), ADA);

    assertThat(eventsSentTo(alerts)).containsExactly(event(SECRET_ROTATED, webhook));
  }

  @Test
  void there_are_no_events_about_webhooks_that_get_operational_events() {
    Webhook alerts = createAlerts(2, WEBHOOK_PAUSED, DELIVERY_FAILED, SECRET_ROTATED);
    Webhook others = createAlerts(3, WEBHOOK_PAUSED, DELIVERY_FAILED, SECRET_ROTATED);
    app.respondWith(alerts, SERVER_ERROR);
    pause();

    for (int i = 0; i < 5; i++) {
      app.advance(Duration.ofMinutes(10));
    }
    RotateSecretRequest rotation = new RotateSecretRequest(Optional.empty(), Duration.ZERO);
    app.webhooks.rotateSecret(Samples.DEMO, alerts.id(), rotation, ADA);

    assertThat(app.reload(alerts).health()).isInstanceOf(Health.Paused.class);
    assertThat(eventsSentTo(others))
        .isNotEmpty()
        .allMatch(event -> event.contains(webhook.id().toString()));
  }

  @Test
  void only_enabled_webhooks_of_the_stack_that_want_the_event_get_it() {
    Webhook otherEvents = createAlerts(2, WEBHOOK_RESUMED);
    Webhook disabled = createAlerts(3, WEBHOOK_PAUSED);
    app.webhooks.update(
        Samples.DEMO, disabled.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    CreateWebhookRequest labeled =
        CreateWebhookRequest.of(Samples.endpoint(4).text()).onEvents(WEBHOOK_PAUSED);
    Webhook otherLabels =
        app.createWebhook(
            labeled.withSubscription(labeled.subscription().withStackLabels(Set.of("missing"))));
    StackId other = new StackId(Samples.ACME, "other");
    app.journal.register(Stack.named(other, "Other"));
    Webhook onOther =
        app.webhooks.create(
            other,
            CreateWebhookRequest.of(Samples.endpoint(5).text()).onEvents(WEBHOOK_PAUSED),
            ADA);
    Webhook unconcerned = app.createWebhook(6);

    pause();
    app.dispatcher.poll();

    for (Webhook none : List.of(otherEvents, disabled, otherLabels, onOther)) {
      assertThat(eventsSentTo(none)).isEmpty();
    }
    assertThat(app.sentStates(unconcerned)).containsExactly("QUEUED", "QUEUED");
  }

  @Test
  void an_account_webhook_is_notified_about_all_stacks_and_causes_events_itself() {
    app.accountWebhooks.create(
        Samples.ACME,
        CreateWebhookRequest.of(Samples.endpoint(2).text())
            .onEvents(WEBHOOK_PAUSED, SECRET_ROTATED),
        ADA);
    Webhook all =
        app.accountWebhooks.create(
            Samples.ACME, CreateWebhookRequest.of(Samples.endpoint(3).text()), ADA);
    pause();

    app.accountWebhooks.rotateSecret(
        Samples.ACME, all.id(), new RotateSecretRequest(Optional.empty(), Duration.ZERO), ADA);

    app.dispatcher.poll();
    List<String> sent =
        app.transport.requestsTo(Samples.endpoint(2)).stream()
            .map(request -> request.payload().text())
            .toList();
    assertThat(sent).hasSize(2);
    assertThat(sent.getFirst()).isEqualTo(event(WEBHOOK_PAUSED, webhook));
    assertThat(sent.getLast()).contains("secret_rotated");
  }

  @Test
  void the_dispatcher_is_woken_after_a_user_has_caused_events() {
    Webhook alerts = createAlerts(2, WEBHOOK_DISABLED, SECRET_ROTATED);
    WebhookConfig config =
        WebhookConfig.of(new EgressPolicy(List.of()), new PlainPayloadRenderer())
            .withHandoff(DispatchHandoff.wakeOnly(app.dispatcher::poll));
    WebhookAdmin webhooks = new WebhookAdmin(app.store, config, app.ids, app.clock, new Random(7));
    AccountWebhookAdmin accountWebhooks =
        new AccountWebhookAdmin(app.store, config, app.ids, app.clock, new Random(7));
    Webhook all =
        accountWebhooks.create(
            Samples.ACME, CreateWebhookRequest.of(Samples.endpoint(3).text()), ADA);

    webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    int afterUpdate = app.transport.requestsTo(alerts.settings().endpoint()).size();
    accountWebhooks.rotateSecret(
        Samples.ACME, all.id(), new RotateSecretRequest(Optional.empty(), Duration.ZERO), ADA);

    assertThat(afterUpdate).isEqualTo(1);
    assertThat(app.transport.requestsTo(alerts.settings().endpoint())).hasSize(2);
  }

  @Test
  void a_webhook_whose_deliveries_are_late_is_reported_once() {
    Webhook alerts = createAlerts(2, QUEUE_LAGGING);
    RunJournal journal = app.journal(DispatchHandoff.none(), Runnable::run);
    journal.start(Samples.newRun(new RunId(Samples.DEMO, "run-1")));
    LagMonitor monitor =
        new LagMonitor(
            app.store,
            new OperationalEvents(new PlainPayloadRenderer(), app.ids),
            Duration.ofMinutes(5));

    app.clock.advance(Duration.ofMinutes(4));
    int early = monitor.report();
    app.clock.advance(Duration.ofMinutes(1));
    int late = monitor.report();
    int again = monitor.report();

    assertThat(List.of(early, late, again)).containsExactly(0, 1, 0);
    assertThat(eventsSentTo(alerts)).containsExactly(event(QUEUE_LAGGING, webhook));
    assertThat(monitor.interval()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void deliveries_may_be_late_for_at_least_one_second() {
    OperationalEvents events = new OperationalEvents(new PlainPayloadRenderer(), app.ids);

    assertThatThrownBy(() -> new LagMonitor(app.store, events, Duration.ofMillis(999)))
        .hasMessageContaining("at least one second");
  }

  @Test
  void only_a_change_of_health_or_a_permanent_failure_looks_for_webhooks_that_want_events() {
    AtomicInteger lookups = new AtomicInteger();
    Dispatcher dispatcher =
        app.dispatcher(
            new CountingTransactor(app.store, lookups),
            DispatchConfig.of(CONFIG.retrySchedule(), AFTER_2, CONFIG.timeout()),
            Runnable::run);
    RunJournal journal = app.journal(DispatchHandoff.none(), Runnable::run);

    journal.start(Samples.newRun(new RunId(Samples.DEMO, "run-1")));
    dispatcher.poll();
    app.respondWith(webhook, SERVER_ERROR);
    journal.start(Samples.newRun(new RunId(Samples.DEMO, "run-2")));
    dispatcher.poll();
    int beforePause = lookups.get();
    journal.start(Samples.newRun(new RunId(Samples.DEMO, "run-3")));
    dispatcher.poll();

    assertThat(app.transport.requests()).hasSize(3);
    assertThat(beforePause).isZero();
    assertThat(lookups).hasValue(1);
  }

  /// Counts calls of `findSubscribers`.
  private record CountingTransactor(Transactor store, AtomicInteger lookups) implements Transactor {
    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      return store.<T>inTransaction(unit -> work.apply(intercepted(UnitOfWork.class, unit)));
    }

    private <P> P intercepted(Class<P> port, P target) {
      Object proxy =
          Proxy.newProxyInstance(
              port.getClassLoader(),
              new Class<?>[] {port},
              (ignored, method, arguments) -> {
                if (method.getName().equals("findSubscribers")) {
                  lookups.incrementAndGet();
                }
                Object result = method.invoke(target, arguments);
                return result instanceof Webhooks webhooks
                    ? intercepted(Webhooks.class, webhooks)
                    : result;
              });
      return port.cast(proxy);
    }
  }
}
