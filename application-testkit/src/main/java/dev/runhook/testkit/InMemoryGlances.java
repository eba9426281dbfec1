package dev.runhook.testkit;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Pulse;
import dev.runhook.application.Pulse.Beat;
import dev.runhook.application.StackGlance;
import dev.runhook.application.StackGlance.LatestRun;
import dev.runhook.application.StackGlance.WebhookCounts;
import dev.runhook.application.spi.Glances;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

final class InMemoryGlances implements Glances {
  private static final Predicate<Status> OPEN = status -> status == Status.PENDING;
  private static final Predicate<Status> FINISHED = OPEN.negate();

  private final InMemoryUnitOfWork unit;

  InMemoryGlances(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public Page<StackGlance> stacks(
      AccountId account, Reach reach, Optional<String> search, PageRequest page) {
    List<StackGlance> stacks =
        unit.tables().stacks.values().stream()
            .filter(
                stack -> stack.id().account().equals(account) && reach.includes(stack.id().slug()))
            .filter(stack -> search.isEmpty() || isFound(stack, search.get()))
            .sorted(comparing(stack -> stack.id().slug()))
            .map(stack -> new StackGlance(stack, latest(stack.id()), counts(stack.id())))
            .toList();
    return Pages.ascending(stacks, page, glance -> glance.stack().id().slug(), Function.identity());
  }

  @Override
  public Pulse pulse(WebhookId webhook, Pulse.Span span, int most) {
    Instant from = span.from(unit.now());
    List<Delivery> deliveries =
        unit.tables().deliveries.values().stream()
            .map(DeliveryRow::delivery)
            .filter(delivery -> delivery.webhook().equals(webhook))
            .filter(delivery -> !delivery.createdAt().isBefore(from))
            .toList();
    Map<Long, List<Delivery>> bySteps =
        deliveries.stream()
            .collect(
                groupingBy(delivery ->
                    Duration.between(from, delivery.createdAt()).dividedBy(span.step())));
    boolean truncated =
        bySteps.values().stream()
            .anyMatch(step -> only(step, OPEN) > most || only(step, FINISHED) > most);
    List<Beat> beats =
        bySteps.entrySet().stream()
            .map(step ->
                beat(from.plus(span.step().multipliedBy(step.getKey())), step.getValue(), most))
            .toList();
    return span.of(from, truncated, beats);
  }

  private static boolean isFound(Stack stack, String search) {
    String part = search.toLowerCase(Locale.ROOT);
    return stack.id().slug().toLowerCase(Locale.ROOT).contains(part)
        || stack.name().toLowerCase(Locale.ROOT).contains(part);
  }

  private Optional<LatestRun> latest(StackId stack) {
    return unit.tables().runs.values().stream()
        .filter(run -> run.id().stack().equals(stack))
        .reduce((_, later) -> later)
        .map(run ->
            new LatestRun(
                run.id().name(),
                run.progress().state(),
                run.progress().version(),
                run.createdAt()));
  }

  private WebhookCounts counts(StackId stack) {
    List<Health> all =
        unit.tables().webhooks.values().stream()
            .filter(webhook -> webhook.stack().equals(stack))
            .map(Webhook::health)
            .toList();
    return new WebhookCounts(
        all.size(),
        count(all, health -> health instanceof Health.Active(int failures) && failures > 0),
        count(all, Health.Paused.class::isInstance),
        count(all, Health.Disabled.class::isInstance));
  }

  private static int count(List<Health> all, Predicate<Health> which) {
    return (int) all.stream().filter(which).count();
  }

  private static int only(List<Delivery> deliveries, Predicate<Status> status) {
    return (int) deliveries.stream().filter(delivery -> status.test(delivery.status())).count();
  }

  private static Beat beat(Instant at, List<Delivery> deliveries, int most) {
    int finished = Math.min(most, only(deliveries, FINISHED));
    int failed = Math.min(finished, only(deliveries, status -> status == Status.FAILED));
    List<Duration> took =
        deliveries.stream()
            .flatMap(delivery ->
                delivery.deliveredAt().stream()
                    .map(end -> Duration.between(delivery.createdAt(), end)))
            .map(duration -> Duration.ofMillis(duration.toMillis()))
            .sorted()
            .toList();
    return new Beat(
        at,
        finished - failed,
        failed,
        Math.min(most, only(deliveries, OPEN)),
        percentile(took, 0.5),
        percentile(took, 0.99));
  }

  /// The first of which at least that share is not above.
  private static Optional<Duration> percentile(List<Duration> sorted, double share) {
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1)));
  }
}
