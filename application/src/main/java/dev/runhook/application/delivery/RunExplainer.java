package dev.runhook.application.delivery;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.delivery.RunExplanation.TransitionExplanation;
import dev.runhook.application.delivery.RunExplanation.WebhookOutcome;
import dev.runhook.application.spi.SkippedTransition;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Explains for every transition of a run what became of it at every webhook.
final class RunExplainer {
  private final List<Webhook> webhooks;
  private final Map<Place, Delivery> latest;
  private final Map<WebhookId, Delivery> heads;
  private final Map<Place, SkippedTransition> skips;
  private final Map<Long, Instant> recorded;

  private RunExplainer(
      List<Webhook> webhooks,
      List<Delivery> newestFirst,
      List<SkippedTransition> skips,
      Map<Long, Instant> recorded) {
    this.webhooks = webhooks;
    this.latest = byFirst(newestFirst.stream(), Place::of);
    this.heads =
        byFirst(
            newestFirst.stream().filter(one -> one.nextAttemptAt().isPresent()), Delivery::webhook);
    this.skips = byFirst(skips.stream(), skip -> new Place(skip.webhook(), skip.version()));
    this.recorded = recorded;
  }

  /// A transition of the run, at a webhook.
  private record Place(WebhookId webhook, long version) {
    static Place of(Delivery delivery) {
      return new Place(
          delivery.webhook(),
          delivery.transition().map(Delivery.TransitionRef::version).orElseThrow());
    }
  }

  private static <K, T> Map<K, T> byFirst(Stream<T> things, Function<T, K> key) {
    return things.collect(Collectors.toMap(key, Function.identity(), (first, _) -> first));
  }

  static RunExplanation explain(UnitOfWork unit, RunId run) {
    Require.run(unit, run);
    Map<?, List<Webhook>> webhooks = unit.webhooks().findByStacks(List.of(run.stack()));
    RunExplainer explaining =
        new RunExplainer(
            webhooks.values().stream().flatMap(List::stream).toList(),
            deliveries(unit, run),
            unit.events().findSkipped(run),
            unit.runs().recordedTimes(run));
    return new RunExplanation(
        run, unit.runs().transitions(run).stream().map(explaining::told).toList());
  }

  /// All of the run, the newest first: as many as its transitions and webhooks allow.
  private static List<Delivery> deliveries(UnitOfWork unit, RunId run) {
    DeliveryFilter filter = DeliveryFilter.of(new DeliveryScope.OfRun(run));
    List<Delivery> all = new ArrayList<>();
    Optional<PageRequest> next =
        Optional.of(new PageRequest(PageRequest.MAX_LIMIT, Optional.empty()));
    while (next.isPresent()) {
      PageRequest request = next.get();
      Page<Delivery> page = unit.deliveries().list(filter, request);
      all.addAll(page.items());
      next = page.next().map(request::withAfter);
    }
    return all;
  }

  private TransitionExplanation told(Transition transition) {
    return new TransitionExplanation(
        transition, webhooks.stream().map(webhook -> heard(transition, webhook)).toList());
  }

  private WebhookOutcome heard(Transition transition, Webhook webhook) {
    Optional<Delivery> delivery =
        Optional.ofNullable(latest.get(new Place(webhook.id(), transition.version())));
    return delivery
        .map(one ->
            new WebhookOutcome(
                webhook, delivery, DeliveryExplainer.explainStatus(one, webhook, headBefore(one))))
        .orElseGet(() ->
            new WebhookOutcome(
                webhook, Optional.empty(), List.of(whyNothing(transition, webhook))));
  }

  private Optional<Delivery> headBefore(Delivery delivery) {
    return delivery.status() == Status.PENDING && delivery.nextAttemptAt().isEmpty()
        ? Optional.ofNullable(heads.get(delivery.webhook()))
        : Optional.empty();
  }

  private String whyNothing(Transition transition, Webhook webhook) {
    return Optional.ofNullable(skips.get(new Place(webhook.id(), transition.version())))
        .map(skip -> "not sent: the webhook " + skip.explanation())
        .orElseGet(() ->
            wasThere(transition, webhook)
                ? "not known any more: what the webhook was told of this, or why it was not told, was forgotten by retention"
                : "not sent: the webhook was created later, at "
                    + webhook.createdAt().truncatedTo(MILLIS));
  }

  /// Each webhook that is there gets a delivery of a transition, or it is kept why not. Webhooks
  /// know to the millisecond when they were created.
  private boolean wasThere(Transition transition, Webhook webhook) {
    return Optional.ofNullable(recorded.get(transition.version()))
        .filter(at -> webhook.createdAt().isBefore(at.truncatedTo(MILLIS)))
        .isPresent();
  }
}
