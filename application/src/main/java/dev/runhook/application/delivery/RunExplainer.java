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

/// Explains the deliveries of one run, from a snapshot of its deliveries and skips.
record RunExplainer(
    Map<Target, Delivery> latest,
    Map<WebhookId, Delivery> heads,
    Map<Target, SkippedTransition> skipped,
    Map<Long, Instant> recordedTimes) {
  /// A transition of the run for one webhook.
  record Target(WebhookId webhook, long version) {
    static Target of(Delivery delivery) {
      return new Target(
          delivery.webhook(),
          delivery.transition().map(Delivery.TransitionRef::version).orElseThrow());
    }
  }

  static RunExplanation explain(UnitOfWork unit, RunId run) {
    Require.run(unit, run);
    List<Webhook> webhooks =
        unit.webhooks().findByStacks(List.of(run.stack())).values().stream()
            .flatMap(List::stream)
            .toList();
    List<Delivery> newestFirst = deliveries(unit, run);
    Stream<Delivery> scheduled =
        newestFirst.stream().filter(delivery -> delivery.nextAttemptAt().isPresent());
    RunExplainer explainer =
        new RunExplainer(
            firstByKey(newestFirst.stream(), Target::of),
            firstByKey(scheduled, Delivery::webhook),
            firstByKey(
                unit.events().findSkipped(run).stream(),
                skip -> new Target(skip.webhook(), skip.version())),
            unit.runs().recordedTimes(run));
    return new RunExplanation(
        run,
        unit.runs().transitions(run).stream()
            .map(transition -> explainer.explain(transition, webhooks))
            .toList());
  }

  private static <K, T> Map<K, T> firstByKey(Stream<T> items, Function<T, K> key) {
    return items.collect(Collectors.toMap(key, Function.identity(), (first, _) -> first));
  }

  /// The transitions and webhooks of a run limit the number of its deliveries.
  private static List<Delivery> deliveries(UnitOfWork unit, RunId run) {
    DeliveryFilter filter = DeliveryFilter.of(new DeliveryScope.OfRun(run));
    List<Delivery> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      PageRequest request = new PageRequest(PageRequest.MAX_LIMIT, after);
      Page<Delivery> page = unit.deliveries().list(filter, request);
      all.addAll(page.items());
      after = page.next();
    } while (after.isPresent());
    return all;
  }

  private TransitionExplanation explain(Transition transition, List<Webhook> webhooks) {
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
