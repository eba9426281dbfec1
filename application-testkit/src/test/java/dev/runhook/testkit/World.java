package dev.runhook.testkit;

import dev.runhook.application.Actor;
import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.PageRequest;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DispatchRules;
import dev.runhook.application.delivery.Dispatcher;
import dev.runhook.application.delivery.RequestFactory;
import dev.runhook.application.outbox.Intake;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// All use cases on stores in memory, with one stack. Nothing runs by itself: whoever records sends
/// at once on the same thread, unless the executor says otherwise.
final class World {
  static final Actor ADA = new Actor("Ada");
  static final Outcome ERROR = Outcome.Answered.of(500);
  static final DispatchRules RULES =
      DispatchRules.of(
          new RetrySchedule(
              List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2))),
          new PausePolicy(100, List.of(Duration.ofMinutes(1), Duration.ofMinutes(10))),
          Duration.ofSeconds(10));
  private static final Pattern STATE = Pattern.compile("(?<=\"state\":\")[A-Z_]+");

  final SettableClock clock = SettableClock.atNoon();
  final InMemoryTransactor store = new InMemoryTransactor(clock);
  final CountingIds ids = new CountingIds(clock);
  final ScriptedTransport transport = new ScriptedTransport(store);
  final Observations observations = new Observations();
  final RequestFactory requests =
      new RequestFactory(new Signatures(true), "Runhook/test", RULES.timeout());
  final WebhookAdmin webhooks =
      WebhookAdmin.using(
          store,
          new EgressPolicy(List.of()),
          new WebhookAdmin.Sources(ids, clock, new Random(7)),
          observations);
  final Dispatcher dispatcher;
  final RunJournal journal;
  final DeliveryAdmin deliveries;

  World() {
    this(RULES);
  }

  World(DispatchRules rules) {
    this(rules, Runnable::run);
  }

  World(DispatchRules rules, Executor executor) {
    dispatcher =
        Dispatcher.using(
            store,
            new Dispatcher.Sender(requests, transport, observations),
            rules,
            new Dispatcher.Surroundings(clock, clock.ticker(), new Random(7), executor));
    journal = journal(dispatcher.intake(), Runnable::run);
    deliveries =
        DeliveryAdmin.using(
            store,
            new DeliveryAdmin.Needs(requests, new PlainPayloadRenderer(), ids, clock),
            dispatcher.intake());
    journal.register(Samples.stack());
  }

  RunJournal journal(Intake intake, Executor executor) {
    return RunJournal.using(
        store, new RunJournal.Recorder(new PlainPayloadRenderer(), ids, clock), intake, executor);
  }

  Webhook webhook(int number) {
    return webhook(WebhookDraft.of(Samples.endpoint(number).text()));
  }

  Webhook webhook(WebhookDraft draft) {
    return webhooks.create(Samples.DEMO, draft, ADA);
  }

  Webhook now(Webhook webhook) {
    return webhooks.find(webhook.stack(), webhook.id());
  }

  /// Starts a run, which tells QUEUED.
  RunId start(String name) {
    RunId run = new RunId(Samples.DEMO, name);
    journal.start(Samples.start(run));
    return run;
  }

  void move(RunId run, RunState... states) {
    for (RunState state : states) {
      journal.record(Report.of(run, state));
    }
  }

  void answers(Webhook webhook, Outcome usual) {
    transport.usually(webhook.settings().endpoint(), usual);
  }

  /// Lets the time pass, and a round after it.
  void pass(Duration time) {
    clock.advance(time);
    dispatcher.round();
  }

  /// The states that the webhook's receiver was told, attempt by attempt.
  List<String> told(Webhook webhook) {
    return transport.requestsTo(webhook.settings().endpoint()).stream()
        .flatMap(
            request -> STATE.matcher(request.payload().text()).results().map(MatchResult::group))
        .toList();
  }

  /// The deliveries of a webhook, the newest first.
  List<Delivery> deliveriesOf(Webhook webhook) {
    return deliveries
        .list(
            DeliveryFilter.of(DeliveryScope.of(webhook.stack(), webhook.id())), PageRequest.first())
        .items();
  }

  Delivery latestOf(Webhook webhook) {
    return deliveriesOf(webhook).getFirst();
  }
}
