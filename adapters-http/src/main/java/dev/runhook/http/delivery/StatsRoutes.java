package dev.runhook.http.delivery;

import static io.javalin.http.HandlerType.GET;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.DeliveryStats.StatsInterval;
import dev.runhook.application.query.DeliveryStats.Window;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.stats.Stats;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.run.RunRoutes;
import dev.runhook.http.webhook.WebhookRoutes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Routes for the numbers of deliveries by the time of their creation, of a webhook or of all, and
/// by run and webhook.
public final class StatsRoutes {
  private final Stats stats;

  public StatsRoutes(Stats stats) {
    this.stats = stats;
  }

  public void mount(Routes routes) {
    routes.stack(GET, WebhookRoutes.WEBHOOK + "/stats", Role.READER, this::ofWebhook);
    routes.account(GET, "/stats", Role.READER, this::ofAccount);
    routes.stack(GET, "/matrix", Role.READER, this::matrix);
  }

  /// @param step the length of an interval
  /// @param truncated whether some counts are too low because there were too many deliveries
  /// @param unavailableBuckets whose deliveries are missing; absent if none are
  record StatsJson(
      Instant from,
      Duration step,
      boolean truncated,
      List<?> items,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> unavailableBuckets) {
    static StatsJson of(DeliveryStats stats, Function<StatsInterval, ?> json) {
      return new StatsJson(
          stats.start(),
          stats.intervalLength(),
          stats.truncated(),
          stats.intervals().stream().map(json).toList(),
          stats.unavailableBuckets());
    }
  }

  /// @param p50Ms the median latency; null, like `p99Ms`, if nothing was delivered
  record IntervalJson(
      Instant start,
      int delivered,
      int retried,
      int failed,
      int pending,
      Optional<Long> p50Ms,
      Optional<Long> p99Ms) {
    static IntervalJson of(StatsInterval interval) {
      return new IntervalJson(
          interval.start(),
          interval.delivered(),
          interval.retried(),
          interval.failed(),
          interval.pending(),
          interval.median().map(Duration::toMillis),
          interval.p99().map(Duration::toMillis));
    }
  }

  record CountsJson(Instant start, int delivered, int failed, int pending) {
    static CountsJson of(StatsInterval interval) {
      return new CountsJson(
          interval.start(), interval.delivered(), interval.failed(), interval.pending());
    }
  }

  private ApiResponse ofWebhook(ApiRequest request, StackId stack) {
    QueryReader query = request.query();
    Window window = window(query);
    query.requireValid();
    return ApiResponse.ofPolled(
        StatsJson.of(
            stats.deliveryStats(stack, WebhookRoutes.id(request), window), IntervalJson::of));
  }

  private ApiResponse ofAccount(ApiRequest request) {
    QueryReader query = request.query();
    Grant grant = request.grant();
    StackScope stackScope = request.findStackScope(query);
    Optional<WebhookId> webhook = query.find("webhook", DeliveryRoutes::webhook);
    Window window = window(query);
    query.requireValid();
    return ApiResponse.ofPolled(
        StatsJson.of(
            stats.deliveryStats(grant.account(), stackScope, webhook, window), CountsJson::of));
  }

  private ApiResponse matrix(ApiRequest request, StackId stack) {
    QueryReader query = request.query();
    RunFilter filter = RunRoutes.filter(query);
    return Pagination.respond(
        query, page -> ApiResponse.ofPolled(RunMatrixJson.of(stats.matrix(stack, filter, page))));
  }

  private static Window window(QueryReader query) {
    return query
        .find("window", name -> Decoder.lowerCaseConstant(List.of(Window.values()), name))
        .orElse(Window.HOUR);
  }
}
