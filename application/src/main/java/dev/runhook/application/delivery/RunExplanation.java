package dev.runhook.application.delivery;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Events.SkippedTransition;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Explains what each webhook of a run's stack received, and why.
///
/// @param transitions the latest first
public record RunExplanation(RunId run, Page<TransitionExplanation> transitions) {
  private static final int MAX_OUTCOMES = 2500;

  /// The characters of all outcomes. Each repeats the endpoint of its webhook, so 100 webhooks and
  /// 100 deleted ones could otherwise make a page of tens of megabytes.
  private static final int MAX_LENGTH = 1_000_000;

  private static final int MAX_DELETED_WEBHOOKS = 100;

  /// Bounds the time for a run with very many redeliveries.
  private static final int MAX_PAGES_OF_DELIVERIES = 100;

  /// How long after its creation time a webhook can become visible to those that record events: its
  /// transaction has to commit, and the clocks of nodes differ.
  private static final Duration MAX_COMMIT_DELAY = Duration.ofMinutes(1);

  /// @param webhooks one for each current webhook of the stack, the oldest first, and then one for
  ///   each deleted webhook that has a delivery of the transition
  public record TransitionExplanation(Transition transition, List<WebhookOutcome> webhooks) {
    public TransitionExplanation {
      webhooks = List.copyOf(webhooks);
    }

    private long length() {
      return webhooks.stream().mapToLong(WebhookOutcome::length).sum();
    }
  }

  /// @param delivery the latest delivery of the transition to the webhook, if there is one
  /// @param explanation why the delivery has its status, or why there is none
  public record WebhookOutcome(
      Webhook webhook,
      boolean deleted,
      Optional<Delivery> delivery,
      List<Explanation> explanation) {
    public WebhookOutcome {
      explanation = List.copyOf(explanation);
    }

    /// Approximately, with the names and ids.
    private long length() {
      return 200L
          + webhook.settings().endpoint().text().length()
          + webhook.settings().name().length()
          + explanation.stream().mapToLong(statement -> 2L * statement.text().length()).sum();
    }
  }

  /// Explains transitions of the run, or refuses the call if it does not exist.
  static RunExplanation of(UnitOfWork unit, RunId run, PageRequest page) {
    Require.run(unit, run);
    List<Webhook> webhooks =
        unit.webhooks().findByStacks(List.of(run.stack())).values().stream()
            .flatMap(List::stream)
            .toList();
    int limit = Math.clamp(MAX_OUTCOMES / Math.max(1, webhooks.size()), 1, page.limit());
    Page<Transition> transitions =
        unit.runs().transitions(run, new PageRequest(limit, page.after()));
    Set<Long> versions =
        transitions.items().stream().map(Transition::version).collect(Collectors.toSet());
    Map<Target, Delivery> latest = new HashMap<>();
    Map<WebhookId, Delivery> heads = new HashMap<>();
    findDeliveries(
        unit,
        run,
        delivery -> {
          Target target = Target.of(delivery);
          if (versions.contains(target.version())) {
            latest.putIfAbsent(target, delivery);
          }
          if (delivery.nextAttemptAt().isPresent()) {
            heads.putIfAbsent(delivery.webhook(), delivery);
          }
        });
    List<Webhook> deleted = deleted(unit, run, webhooks, latest.values());
    Map<Target, SkippedTransition> skipped =
        unit.events().findSkipped(run, versions).stream()
            .collect(
                Collectors.toMap(
                    skip -> new Target(skip.webhook(), skip.version()), Function.identity()));
    Snapshot snapshot =
        new Snapshot(latest, heads, skipped, unit.runs().recordedTimes(run, versions));
    List<TransitionExplanation> explained = new ArrayList<>();
    long length = 0;
    for (Transition transition : transitions.items()) {
      TransitionExplanation next = snapshot.explain(transition, webhooks, deleted);
      length += next.length();
      if (length > MAX_LENGTH && !explained.isEmpty()) {
        break;
      }
      explained.add(next);
    }
    List<String> cursors = transitions.cursors().subList(0, explained.size());
    Optional<String> next =
        explained.size() == transitions.items().size()
            ? transitions.next()
            : Optional.of(cursors.getLast());
    return new RunExplanation(run, new Page<>(explained, cursors, next));
  }

  /// Returns the deleted webhooks that have one of the deliveries.
  private static List<Webhook> deleted(
      UnitOfWork unit, RunId run, List<Webhook> existing, Collection<Delivery> deliveries) {
    Map<WebhookId, Delivery> others = new TreeMap<>(comparing(WebhookId::value));
    deliveries.forEach(delivery -> others.put(delivery.webhook(), delivery));
    existing.forEach(webhook -> others.remove(webhook.id()));
    return others.values().stream()
        .limit(MAX_DELETED_WEBHOOKS)
        .flatMap(delivery -> unit.deliveries().find(run.stack().account(), delivery.id()).stream())
        .map(StoredDelivery::webhook)
        .toList();
  }

  /// Passes on the deliveries of the run, the newest first.
  private static void findDeliveries(UnitOfWork unit, RunId run, Consumer<Delivery> consumer) {
    DeliveryFilter filter = DeliveryFilter.of(new DeliveryScope.OfRun(run));
    Optional<String> after = Optional.empty();
    for (int i = 0; i < MAX_PAGES_OF_DELIVERIES && (i == 0 || after.isPresent()); i++) {
      PageRequest request = new PageRequest(PageRequest.MAX_LIMIT, after);
      Page<Delivery> page = unit.deliveries().list(filter, request);
      page.items().forEach(consumer);
      after = page.next();
    }
  }

  /// The deliveries and skips of the run.
  ///
  /// @param latest the latest delivery of each transition to each webhook
  /// @param heads the head of the lane of each webhook
  private record Snapshot(
      Map<Target, Delivery> latest,
      Map<WebhookId, Delivery> heads,
      Map<Target, SkippedTransition> skipped,
      Map<Long, Instant> recordedTimes) {
    private TransitionExplanation explain(
        Transition transition, List<Webhook> webhooks, List<Webhook> deleted) {
      Map<Endpoint, Long> deliveries =
          webhooks.stream()
              .filter(webhook -> latest(transition, webhook).isPresent())
              .collect(
                  Collectors.groupingBy(
                      webhook -> webhook.settings().endpoint(), Collectors.counting()));
      return new TransitionExplanation(
          transition,
          Stream.concat(
                  webhooks.stream().map(webhook -> explain(transition, webhook, deliveries)),
                  deleted.stream().flatMap(webhook -> explainDeleted(transition, webhook)))
              .toList());
    }

    private Stream<WebhookOutcome> explainDeleted(Transition transition, Webhook webhook) {
      return latest(transition, webhook)
          .map(delivery -> {
            List<Explanation> explanation =
                switch (delivery.status()) {
                  case DELIVERED, CANCELED ->
                      DeliveryExplainer.explainStatus(delivery, webhook, Optional.empty());
                  case PENDING, FAILED -> List.of(Code.DELETION.with());
                };
            return new WebhookOutcome(webhook, true, Optional.of(delivery), explanation);
          })
          .stream();
    }

    private Optional<Delivery> latest(Transition transition, Webhook webhook) {
      return Optional.ofNullable(latest.get(new Target(webhook.id(), transition.version())));
    }

    private WebhookOutcome explain(
        Transition transition, Webhook webhook, Map<Endpoint, Long> deliveries) {
      Optional<Delivery> latestDelivery = latest(transition, webhook);
      List<Explanation> explanation = new ArrayList<>();
      latestDelivery.ifPresentOrElse(
          delivery ->
              explanation.addAll(
                  DeliveryExplainer.explainStatus(delivery, webhook, blockingHead(delivery))),
          () -> explanation.add(explainMissing(transition, webhook)));
      long sameEndpoint = deliveries.getOrDefault(webhook.settings().endpoint(), 0L);
      if (latestDelivery.isPresent() && sameEndpoint > 1) {
        explanation.add(Code.SAME_ENDPOINT.with(sameEndpoint));
      }
      return new WebhookOutcome(webhook, false, latestDelivery, explanation);
    }

    private Optional<Delivery> blockingHead(Delivery delivery) {
      return delivery.status() == Status.PENDING && delivery.nextAttemptAt().isEmpty()
          ? Optional.ofNullable(heads.get(delivery.webhook()))
          : Optional.empty();
    }

    private Explanation explainMissing(Transition transition, Webhook webhook) {
      return Optional.ofNullable(skipped.get(new Target(webhook.id(), transition.version())))
          .map(SkippedTransition::explanation)
          .orElseGet(() ->
              existedBefore(transition, webhook)
                  ? Code.EXPIRED.with()
                  : Code.CREATED_LATER.with(webhook.createdAt()));
    }

    /// An existing webhook gets a delivery or a stored reason, so if it has neither, retention has
    /// removed it.
    private boolean existedBefore(Transition transition, Webhook webhook) {
      return Optional.ofNullable(recordedTimes.get(transition.version()))
          .filter(recorded -> webhook.createdAt().plus(MAX_COMMIT_DELAY).isBefore(recorded))
          .isPresent();
    }
  }

  /// A transition of the run for one webhook.
  private record Target(WebhookId webhook, long version) {
    static Target of(Delivery delivery) {
      return new Target(
          delivery.webhook(),
          delivery.transition().map(Delivery.TransitionRef::version).orElseThrow());
    }
  }
}
