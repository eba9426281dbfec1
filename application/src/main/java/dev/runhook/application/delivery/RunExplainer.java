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

/// Explains the deliveries of one run, from a snapshot of its webhooks, deliveries and skips.
final class RunExplainer {
  private final List<Webhook> webhooks;
  private final Map<Target, Delivery> latest;
  private final Map<WebhookId, Delivery> heads;
  private final Map<Target, SkippedTransition> skipped;
  private final Map<Long, Instant> recordedTimes;

  private RunExplainer(
      List<Webhook> webhooks,
      List<Delivery> newestFirst,
      List<SkippedTransition> skipped,
      Map<Long, Instant> recordedTimes) {
    this.webhooks = webhooks;
    this.latest = firstByKey(newestFirst.stream(), Target::of);
    this.heads =
        firstByKey(
            newestFirst.stream().filter(delivery -> delivery.nextAttemptAt().isPresent()),
            Delivery::webhook);
    this.skipped = firstByKey(skipped.stream(), skip -> new Target(skip.webhook(), skip.version()));
    this.recordedTimes = recordedTimes;
  }

  /// A transition of the run for one webhook.
  private record Target(WebhookId webhook, long version) {
    static Target of(Delivery delivery) {
      return new Target(
          delivery.webhook(),
          delivery.transition().map(Delivery.TransitionRef::version).orElseThrow());
    }
  }

  private static <K, T> Map<K, T> firstByKey(Stream<T> items, Function<T, K> key) {
    return items.collect(Collectors.toMap(key, Function.identity(), (first, _) -> first));
  }

  static RunExplanation explain(UnitOfWork unit, RunId run) {
    Require.run(unit, run);
    Map<?, List<Webhook>> webhooks = unit.webhooks().findByStacks(List.of(run.stack()));
    RunExplainer explainer =
        new RunExplainer(
            webhooks.values().stream().flatMap(List::stream).toList(),
            deliveries(unit, run),
            unit.events().findSkipped(run),
            unit.runs().recordedTimes(run));
    return new RunExplanation(
        run, unit.runs().transitions(run).stream().map(explainer::explain).toList());
  }

  /// The transitions and webhooks of a run limit the number of its deliveries.
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

  private TransitionExplanation explain(Transition transition) {
    return new TransitionExplanation(
        transition, webhooks.stream().map(webhook -> explain(transition, webhook)).toList());
  }

  private WebhookOutcome explain(Transition transition, Webhook webhook) {
    Optional<Delivery> latestDelivery =
        Optional.ofNullable(latest.get(new Target(webhook.id(), transition.version())));
    List<String> explanation =
        latestDelivery
            .map(delivery ->
                DeliveryExplainer.explainStatus(delivery, webhook, blockingHead(delivery)))
            .orElseGet(() -> List.of(explainMissing(transition, webhook)));
    return new WebhookOutcome(webhook, latestDelivery, explanation);
  }

  private Optional<Delivery> blockingHead(Delivery delivery) {
    return delivery.status() == Status.PENDING && delivery.nextAttemptAt().isEmpty()
        ? Optional.ofNullable(heads.get(delivery.webhook()))
        : Optional.empty();
  }

  private String explainMissing(Transition transition, Webhook webhook) {
    return Optional.ofNullable(skipped.get(new Target(webhook.id(), transition.version())))
        .map(skip -> "not sent: the webhook " + skip.explanation())
        .orElseGet(() ->
            existedBefore(transition, webhook)
                ? "unknown: retention has removed the delivery, or the reason why there was none"
                : "not sent: the webhook was created later, at "
                    + webhook.createdAt().truncatedTo(MILLIS));
  }

  /// An existing webhook gets a delivery or a stored reason, so if it has neither, retention has
  /// removed it. Creation times of webhooks have millisecond precision.
  private boolean existedBefore(Transition transition, Webhook webhook) {
    return Optional.ofNullable(recordedTimes.get(transition.version()))
        .filter(recorded -> webhook.createdAt().isBefore(recorded.truncatedTo(MILLIS)))
        .isPresent();
  }
}
