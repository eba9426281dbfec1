package dev.runhook.application.stats;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import dev.runhook.application.query.LaneSummary;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the webhooks of a stack received of its runs, one row for each run.
///
/// @param webhooks the current webhooks of the stack, the oldest first
/// @param deleted the deleted webhooks that have deliveries in one of the rows
public record RunMatrix(Page<Row> rows, List<Webhook> webhooks, List<Webhook> deleted) {
  /// With many webhooks, a page has fewer runs than requested. 200 runs and 30 webhooks fit.
  private static final int MAX_LANES = 6000;

  private static final int MAX_DELETED_WEBHOOKS = 100;

  public RunMatrix {
    webhooks = List.copyOf(webhooks);
    deleted = List.copyOf(deleted);
  }

  /// @param lanes one for each webhook that was sent, or skipped for, a transition of the run
  public record Row(Run run, List<LaneSummary> lanes) {
    public Row {
      lanes = List.copyOf(lanes);
    }
  }

  /// Reads a page of runs, or refuses the call if the stack does not exist.
  static RunMatrix of(UnitOfWork unit, StackId stack, RunFilter filter, PageRequest page) {
    Require.stack(unit, stack);
    List<Webhook> all =
        unit.webhooks().findByStacks(List.of(stack)).values().stream()
            .flatMap(List::stream)
            .toList();
    int limit = Math.clamp(MAX_LANES / Math.max(1, all.size()), 1, page.limit());
    Page<Run> runs =
        unit.runs()
            .list(
                stack.account(),
                StackScope.of(stack.slug()),
                filter,
                new PageRequest(limit, page.after()));
    List<LaneSummary> lanes =
        unit.statsQueries()
            .summarizeLanes(stack, runs.items().stream().map(run -> run.id().name()).toList());
    Set<WebhookId> used = lanes.stream().map(LaneSummary::webhook).collect(toSet());
    List<Webhook> webhooks =
        all.stream().filter(each -> each.isSelected() || used.contains(each.id())).toList();
    List<Webhook> deleted = deleted(unit, stack, webhooks, lanes);
    return new RunMatrix(rows(runs, lanes, webhooks, deleted), webhooks, deleted);
  }

  /// A lane without deliveries to a deleted webhook is of no interest.
  private static Page<Row> rows(
      Page<Run> runs, List<LaneSummary> lanes, List<Webhook> webhooks, List<Webhook> deleted) {
    List<Webhook> shown = new ArrayList<>(webhooks);
    shown.addAll(deleted);
    Set<WebhookId> ids = shown.stream().map(Webhook::id).collect(toSet());
    Map<String, List<LaneSummary>> byRun =
        lanes.stream()
            .filter(lane -> ids.contains(lane.webhook()))
            .collect(groupingBy(LaneSummary::run));
    return runs.map(run -> new Row(run, byRun.getOrDefault(run.id().name(), List.of())));
  }

  private static List<Webhook> deleted(
      UnitOfWork unit, StackId stack, List<Webhook> existing, Collection<LaneSummary> lanes) {
    Map<WebhookId, DeliveryId> others = new LinkedHashMap<>();
    lanes.forEach(
        lane -> lane.delivery().ifPresent(delivery -> others.put(lane.webhook(), delivery)));
    existing.forEach(webhook -> others.remove(webhook.id()));
    return others.values().stream()
        .limit(MAX_DELETED_WEBHOOKS)
        .flatMap(delivery -> unit.deliveries().find(stack.account(), delivery).stream())
        .map(StoredDelivery::webhook)
        .toList();
  }
}
