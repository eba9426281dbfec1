package dev.runhook.application.stats;

import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.query.AccountHealth;
import dev.runhook.application.query.AccountHealth.ActiveWebhook;
import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.assessment.Assessment.Verdict;
import dev.runhook.domain.assessment.HealthSummary;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.run.StackId;
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
import java.util.function.Function;
import java.util.stream.Collectors;

/// Shows users how their stacks and webhooks are doing.
public final class Stats {
  /// Bounds the cost of a chart for busy webhooks.
  private static final int MAX_COUNTED = 50_000;

  /// Bounds the cost of a chart for busy accounts.
  private static final int MAX_COUNTED_OF_ACCOUNT = 1_000_000;

  /// A process claims a delivery much sooner.
  private static final Duration STALLED_AFTER = Duration.ofSeconds(10);

  private final BucketRouter buckets;

  public Stats(BucketRouter buckets) {
    this.buckets = buckets;
  }

  /// Lists the account's stacks in the scope that match the filter, ordered by slug.
  public Page<StackSummary> stacks(
      AccountId account, StackScope stackScope, StackFilter filter, PageRequest page) {
    return BucketRouter.list(
        buckets.of(account, stackScope),
        page,
        naturalOrder(),
        unit -> unit.statsQueries().stacks(account, stackScope, filter, page));
  }

  /// Returns the summary of a stack, or refuses the call if the stack does not exist.
  public StackSummary stack(StackId id) {
    PageRequest one = new PageRequest(1, Optional.empty());
    return stacks(id.account(), StackScope.of(id.slug()), StackFilter.all(), one).items().stream()
        .findFirst()
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchStack(id.slug())));
  }

  /// Returns the recent activity of each of these webhooks.
  public Map<WebhookId, WebhookActivity> activity(Collection<Webhook> webhooks) {
    Map<WebhookId, WebhookActivity> activity = new HashMap<>();
    webhooks.stream()
        .collect(groupingBy(webhook -> buckets.of(webhook.stack())))
        .forEach((bucket, found) ->
            activity.putAll(bucket.inTransaction(unit -> activity(unit, found))));
    return activity;
  }

  /// Returns how well the webhooks of each of these stacks work.
  public Map<StackId, HealthSummary> health(Collection<StackId> stacks) {
    Map<StackId, HealthSummary> health = new HashMap<>();
    stacks.stream()
        .collect(groupingBy(buckets::of))
        .forEach((bucket, ids) ->
            health.putAll(
                bucket.inTransaction(unit -> {
                  Map<StackId, List<ActiveWebhook>> webhooks =
                      active(unit, flat(unit.webhooks().findByStacks(ids).values())).stream()
                          .collect(groupingBy(active -> active.webhook().stack()));
                  return ids.stream()
                      .collect(
                          Collectors.toMap(
                              stack -> stack,
                              stack ->
                                  AccountHealth.of(
                                          webhooks.getOrDefault(stack, List.of()), unit.now())
                                      .health()));
                })));
    return health;
  }

  /// Returns how well the webhooks of the account's stacks in the scope work.
  public AccountHealth health(AccountId account, StackScope scope) {
    List<Integer> unavailable = new ArrayList<>();
    return BucketRouter.askAvailable(
            buckets.of(account, scope),
            unit -> summarize(unit, page -> unit.webhooks().list(account, scope, page)),
            bucket -> unavailable.add(bucket.number()))
        .stream()
        .reduce(AccountHealth::plus)
        .orElseThrow()
        .withUnavailableBuckets(unavailable);
  }

  /// Returns how many webhooks of these buckets have each verdict. The cost grows with the
  /// webhooks.
  public Map<Verdict, Integer> countVerdicts(List<Bucket> of) {
    return of.stream()
        .map(bucket ->
            bucket.inTransaction(unit -> summarize(unit, page -> unit.webhooks().list(page))))
        .reduce(AccountHealth::plus)
        .orElseThrow()
        .health()
        .verdicts();
  }

  private static AccountHealth summarize(
      UnitOfWork unit, Function<PageRequest, Page<Webhook>> list) {
    AccountHealth sum = AccountHealth.of(List.of(), unit.now());
    Optional<String> after = Optional.empty();
    do {
      Page<Webhook> page = list.apply(new PageRequest(PageRequest.MAX_LIMIT, after));
      sum = sum.plus(AccountHealth.of(active(unit, page.items()), unit.now()));
      after = page.next();
    } while (after.isPresent());
    return sum;
  }

  /// A copy that is not selected counts only while deliveries wait, as in lists.
  private static List<ActiveWebhook> active(UnitOfWork unit, Collection<Webhook> webhooks) {
    Map<WebhookId, WebhookActivity> activity = activity(unit, webhooks);
    WebhookActivity none = WebhookActivity.none(unit.now());
    return webhooks.stream()
        .map(webhook -> new ActiveWebhook(webhook, activity.getOrDefault(webhook.id(), none)))
        .filter(
            active -> active.webhook().isSelected() || active.activity().pendingDeliveries() > 0)
        .toList();
  }

  private static List<Webhook> flat(Collection<List<Webhook>> lists) {
    return lists.stream().flatMap(List::stream).toList();
  }

  private static Map<WebhookId, WebhookActivity> activity(
      UnitOfWork unit, Collection<Webhook> webhooks) {
    return unit.statsQueries().activity(webhooks.stream().map(Webhook::id).toList());
  }

  /// Returns since when no process sends the due deliveries of the account, if that is so.
  public Optional<Instant> stalledSince(AccountId account) {
    return BucketRouter.askAvailable(
            buckets.all(),
            unit ->
                unit.statsQueries()
                    .stalledSince(account)
                    .filter(since -> since.plus(STALLED_AFTER).isBefore(unit.now())),
            ignored -> {})
        .stream()
        .flatMap(Optional::stream)
        .min(naturalOrder());
  }

  /// Returns what a webhook of the stack would have received with these filters. The call is
  /// refused if the stack does not exist.
  ///
  /// @param period until now, at most 30 days
  public DryRun dryRun(StackId stack, DryRun.Filters filters, Duration period) {
    Instant now =
        buckets
            .of(stack)
            .inTransaction(unit -> {
              Require.stack(unit, stack);
              return unit.now();
            });
    return DryRun.of(buckets, stack.account(), StackScope.of(stack.slug()), filters, period, now);
  }

  /// Returns what an account webhook would have received with these filters.
  public DryRun dryRun(AccountId account, DryRun.Filters filters, Duration period) {
    Instant now = buckets.home().inTransaction(unit -> unit.now());
    return DryRun.of(buckets, account, new StackScope.All(), filters, period, now);
  }

  /// Counts the recent deliveries of a webhook. A webhook that does not exist is refused.
  public DeliveryStats deliveryStats(
      StackId stack, WebhookId webhook, DeliveryStats.Window window) {
    return buckets
        .of(stack)
        .inTransaction(unit -> {
          Require.webhook(unit, stack, webhook);
          return unit.statsQueries().deliveryStats(webhook, window, MAX_COUNTED);
        });
  }

  /// Counts the recent deliveries of the account's stacks in the scope, without latencies. What is
  /// in buckets that are unavailable is missing.
  ///
  /// @param webhook only those to this webhook, which need not exist
  public DeliveryStats deliveryStats(
      AccountId account,
      StackScope scope,
      Optional<WebhookId> webhook,
      DeliveryStats.Window window) {
    List<Integer> unavailable = new ArrayList<>();
    DeliveryStats stats =
        BucketRouter.askAvailable(
                buckets.of(account, scope),
                unit ->
                    unit.statsQueries()
                        .countDeliveries(account, scope, webhook, window, MAX_COUNTED_OF_ACCOUNT),
                bucket -> unavailable.add(bucket.number()))
            .stream()
            .reduce(DeliveryStats::plus)
            .orElseThrow();
    return stats.withUnavailableBuckets(unavailable);
  }

  /// Returns what the webhooks of the stack received of the runs that match the filter, the most
  /// recently created first. The call is refused if the stack does not exist.
  ///
  /// @param page the runs; with many webhooks, the page is shorter
  public RunMatrix matrix(StackId stack, RunFilter filter, PageRequest page) {
    return buckets.of(stack).inSnapshot(unit -> RunMatrix.of(unit, stack, filter, page));
  }
}
