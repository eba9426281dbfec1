package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.DeliveryStats.StatsInterval;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.application.query.StackSummary.LatestRun;
import dev.runhook.application.query.StackSummary.WebhookCounts;
import dev.runhook.application.query.WebhookActivity;
import dev.runhook.application.query.WebhookActivity.FirstAttempts;
import dev.runhook.application.spi.StatsQueries;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

final class InMemoryStatsQueries implements StatsQueries {
  private static final Predicate<Status> OPEN = status -> status == Status.PENDING;
  private static final Predicate<Status> FINISHED = OPEN.negate();

  private final InMemoryUnitOfWork unit;

  InMemoryStatsQueries(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public Page<StackSummary> stacks(
      AccountId account, StackScope stackScope, StackFilter filter, PageRequest page) {
    List<StackSummary> stacks =
        unit.database().stacks.values().stream()
            .filter(stack ->
                stack.id().account().equals(account) && stackScope.includes(stack.id().slug()))
            .filter(stack -> Filters.matches(filter, stack))
            .sorted(comparing(stack -> stack.id().slug()))
            .map(this::summary)
            .toList();
    return KeysetPages.ascending(
        stacks, page, summary -> summary.stack().id().slug(), Function.identity());
  }

  private StackSummary summary(Stack stack) {
    StackId id = stack.id();
    return new StackSummary(
        stack,
        latest(id),
        counts(id),
        countRecentFailures(deliveries(delivery -> delivery.stack().equals(id))));
  }

  @Override
  public Map<WebhookId, WebhookActivity> activity(Collection<WebhookId> webhooks) {
    return Set.copyOf(webhooks).stream()
        .filter(unit.database().webhooks::containsKey)
        .collect(Collectors.toMap(Function.identity(), this::activity));
  }

  private WebhookActivity activity(WebhookId webhook) {
    List<Delivery> deliveries = deliveries(delivery -> delivery.webhook().equals(webhook));
    return new WebhookActivity(
        deliveries.stream()
            .flatMap(delivery -> delivery.deliveredAt().stream())
            .max(Comparator.naturalOrder()),
        Optional.ofNullable(unit.database().lastFailures.get(webhook)),
        Math.min(WebhookActivity.MAX_COUNTED, countStatus(deliveries, OPEN)),
        countRecentFailures(deliveries),
        firstAttempts(deliveries));
  }

  private FirstAttempts firstAttempts(List<Delivery> deliveries) {
    Instant since = unit.now().minus(FirstAttempts.PERIOD);
    List<Delivery> attempted =
        deliveries.stream()
            .filter(each -> !each.createdAt().isBefore(since))
            .filter(each -> each.status() != Status.PENDING || each.lastResult().isPresent())
            .sorted(comparing((Delivery each) -> each.id().value()).reversed())
            .limit(FirstAttempts.MAX)
            .toList();
    int delivered =
        (int)
            attempted.stream()
                .filter(each -> each.deliveredAt().isPresent() && each.attemptCount() == 1)
                .count();
    return new FirstAttempts(attempted.size(), attempted.size() - delivered);
  }

  @Override
  public DeliveryStats deliveryStats(WebhookId webhook, DeliveryStats.Window window, int max) {
    Instant from = window.start(unit.now());
    List<Delivery> deliveries =
        deliveries(
            delivery -> delivery.webhook().equals(webhook) && !delivery.createdAt().isBefore(from));
    Map<Long, List<Delivery>> byInterval =
        deliveries.stream()
            .collect(
                groupingBy(delivery ->
                    Duration.between(from, delivery.createdAt())
                        .dividedBy(window.intervalLength())));
    boolean truncated =
        byInterval.values().stream()
            .anyMatch(
                group -> countStatus(group, OPEN) > max || countStatus(group, FINISHED) > max);
    List<StatsInterval> intervals =
        byInterval.entrySet().stream()
            .map(group ->
                interval(
                    from.plus(window.intervalLength().multipliedBy(group.getKey())),
                    group.getValue(),
                    max))
            .toList();
    return window.fill(from, truncated, intervals);
  }

  private List<Delivery> deliveries(Predicate<Delivery> which) {
    return unit.database().deliveries.values().stream()
        .map(DeliveryRow::toDelivery)
        .filter(which)
        .toList();
  }

  private int countRecentFailures(List<Delivery> deliveries) {
    Instant since = unit.now().minus(WebhookActivity.FAILURES);
    List<Delivery> latest =
        deliveries.stream()
            .filter(each -> !each.createdAt().isBefore(since))
            .filter(each -> !new InMemoryRedeliveries(unit.database()).isRedelivered(each))
            .toList();
    return Math.min(
        WebhookActivity.MAX_COUNTED, countStatus(latest, status -> status == Status.FAILED));
  }

  private Optional<LatestRun> latest(StackId stack) {
    return unit.database().runs.values().stream()
        .filter(run -> run.id().stack().equals(stack))
        .reduce((one, later) -> later.createdAt().isBefore(one.createdAt()) ? one : later)
        .map(run ->
            new LatestRun(
                run.id().name(),
                run.progress().state(),
                run.progress().version(),
                run.createdAt()));
  }

  private WebhookCounts counts(StackId stack) {
    List<Health> all =
        unit.database().webhooks.values().stream()
            .filter(webhook -> webhook.stack().equals(stack))
            .filter(unit.database()::isListed)
            .map(Webhook::health)
            .toList();
    return new WebhookCounts(
        all.size(),
        count(all, health -> health instanceof Health.Active(int failures, var ignored2) && failures > 0),
        count(all, Health.Paused.class::isInstance),
        count(all, Health.Disabled.class::isInstance));
  }

  private static int count(List<Health> all, Predicate<Health> which) {
    return (int) all.stream().filter(which).count();
  }

  private static int countStatus(List<Delivery> deliveries, Predicate<Status> status) {
    return (int) deliveries.stream().filter(delivery -> status.test(delivery.status())).count();
  }

  private static int countRetried(List<Delivery> deliveries) {
    return (int)
        deliveries.stream()
            .filter(delivery -> delivery.deliveredAt().isPresent() && delivery.attemptCount() > 1)
            .count();
  }

  private static StatsInterval interval(Instant at, List<Delivery> deliveries, int max) {
    int finished = Math.min(max, countStatus(deliveries, FINISHED));
    int failed = Math.min(finished, countStatus(deliveries, status -> status == Status.FAILED));
    List<Duration> latencies =
        deliveries.stream()
            .flatMap(delivery ->
                delivery.deliveredAt().stream()
                    .map(end -> Duration.between(delivery.createdAt(), end)))
            .map(duration -> Duration.ofMillis(duration.toMillis()))
            .sorted()
            .toList();
    return new StatsInterval(
        at,
        finished - failed,
        Math.min(finished - failed, countRetried(deliveries)),
        failed,
        Math.min(max, countStatus(deliveries, OPEN)),
        percentile(latencies, 0.5),
        percentile(latencies, 0.99));
  }

  /// Returns the smallest value that is greater than or equal to the given share of the values.
  private static Optional<Duration> percentile(List<Duration> sorted, double share) {
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1)));
  }
}
