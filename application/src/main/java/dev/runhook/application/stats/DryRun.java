package dev.runhook.application.stats;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.RoutingDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/// What an enabled webhook with certain filters would have received of past transitions. Labels of
/// stacks are the current ones.
///
/// @param from the beginning of the examined time
/// @param to its end
/// @param examined how many transitions there were
/// @param sent how many of them it would have received
/// @param skipped how many it would not have received, by the reason
/// @param latest the latest transitions, the newest first
/// @param isComplete whether all transitions were examined, not only those of the newest runs
/// @param unavailableBuckets buckets whose transitions are missing
public record DryRun(
    Instant from,
    Instant to,
    int examined,
    int sent,
    Map<Code, Integer> skipped,
    List<Decision> latest,
    boolean isComplete,
    List<Integer> unavailableBuckets) {
  private static final Duration MAX_PERIOD = Duration.ofDays(30);

  private static final int MAX_LATEST = 200;
  private static final int MAX_EXAMINED = 1_000_000;
  private static final Duration DAY = Duration.ofDays(1);

  public DryRun {
    skipped = Map.copyOf(skipped);
    latest = List.copyOf(latest);
    unavailableBuckets = List.copyOf(unavailableBuckets);
  }

  /// Returns the period.
  ///
  /// @throws IllegalArgumentException if it is not positive or too long
  public static Duration requirePeriod(Duration period) {
    if (!period.isPositive() || period.compareTo(MAX_PERIOD) > 0) {
      throw new IllegalArgumentException("must be from 1ms to 30d");
    }
    return period;
  }

  /// @param skip why the webhook would not have received the transition; absent if it would have
  public record Decision(RunStateChanged change, Optional<Explanation> skip) {}

  /// The stacks and the filters of a webhook.
  public record Filters(StackSelector selector, Subscription subscription, Format format) {}

  static DryRun of(
      BucketRouter buckets,
      AccountId account,
      StackScope scope,
      Filters filters,
      Duration period,
      Instant now) {
    List<Integer> unavailable = new ArrayList<>();
    List<Count> counts =
        BucketRouter.askAvailable(
            buckets.of(account, scope),
            unit -> {
              Count count = new Count(filters);
              count.read(
                  unit,
                  stacks(unit, account, scope, filters.selector()),
                  now.minus(requirePeriod(period)));
              return count;
            },
            bucket -> unavailable.add(bucket.number()));
    Map<Code, Integer> skipped = new EnumMap<>(Code.class);
    counts.forEach(count ->
        count.skipped.forEach((code, number) -> skipped.merge(code, number, Integer::sum)));
    return new DryRun(
        counts.stream().flatMap(count -> count.oldest.stream()).min(Instant::compareTo).orElse(now),
        now,
        counts.stream().mapToInt(count -> count.examined).sum(),
        counts.stream().mapToInt(count -> count.sent).sum(),
        skipped,
        counts.stream()
            .flatMap(count -> count.latest.stream())
            .sorted(Count.ORDER.reversed())
            .limit(MAX_LATEST)
            .toList(),
        counts.stream().allMatch(count -> count.read < MAX_EXAMINED),
        unavailable);
  }

  private static List<Stack> stacks(
      UnitOfWork unit, AccountId account, StackScope scope, StackSelector selector) {
    PageRequest first = new PageRequest(PageRequest.MAX_LIMIT, Optional.empty());
    return Stream.iterate(
            Optional.of(unit.stacks().list(account, scope, first)),
            Optional::isPresent,
            page ->
                page.flatMap(it -> it.next())
                    .map(next -> unit.stacks().list(account, scope, first.withAfter(next))))
        .flatMap(page -> page.orElseThrow().items().stream())
        .filter(selector::matches)
        .toList();
  }

  /// Returns how many transitions there were in a day, on average. A time of less than a day counts
  /// as a day.
  public double examinedPerDay() {
    return perDay(examined);
  }

  public double sentPerDay() {
    return perDay(sent);
  }

  private double perDay(int count) {
    Duration period = Duration.between(from, to);
    double days = Math.max(1, period.toMillis() / (double) DAY.toMillis());
    return Math.round(10 * count / days) / 10.0;
  }

  /// The decisions about the transitions of one bucket.
  private static final class Count {
    /// All ids are UUIDs of version 7, which this compares by their time.
    static final Comparator<Decision> ORDER = comparing(decision -> decision.change().id().value());

    private final Filters filters;
    private final Map<Code, Integer> skipped = new EnumMap<>(Code.class);
    private final PriorityQueue<Decision> latest = new PriorityQueue<>(ORDER);
    private Optional<Instant> oldest = Optional.empty();
    private int read;
    private int examined;
    private int sent;

    Count(Filters filters) {
      this.filters = filters;
    }

    void read(UnitOfWork unit, List<Stack> stacks, Instant from) {
      read = unit.statsQueries().readTransitions(stacks, from, MAX_EXAMINED, this::add);
    }

    private void add(RunStateChanged change) {
      examined++;
      Instant at = change.id().createdAt();
      oldest = oldest.filter(at::isAfter).or(() -> Optional.of(at));
      Optional<Explanation> skip =
          switch (RoutingDecision.of(change, filters.subscription(), filters.format())) {
            case RoutingDecision.Deliver ignored -> Optional.empty();
            case RoutingDecision.Skip(Explanation reason) -> Optional.of(reason);
          };
      skip.ifPresentOrElse(reason -> skipped.merge(reason.code(), 1, Integer::sum), () -> sent++);
      Decision decision = new Decision(change, skip);
      if (latest.size() < MAX_LATEST) {
        latest.add(decision);
      } else if (ORDER.compare(decision, latest.element()) > 0) {
        latest.remove();
        latest.add(decision);
      }
    }
  }
}
