package dev.runhook.http.stats;

import static io.javalin.http.HandlerType.GET;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.DeliveryStats;
import dev.runhook.application.DeliveryStats.StatsInterval;
import dev.runhook.application.StackSummary;
import dev.runhook.application.StackSummary.LatestRun;
import dev.runhook.application.StackSummary.WebhookCounts;
import dev.runhook.application.stats.Stats;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.run.StackRoutes;
import dev.runhook.http.webhook.WebhookRoutes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The list of stacks with the state of each, and the delivery statistics of a webhook.
public final class StatsRoutes {
  private static final int MAX_SEARCH_LENGTH = 200;

  private final Stats stats;

  public StatsRoutes(Stats stats) {
    this.stats = stats;
  }

  /// A stack in the list of stacks.
  ///
  /// @param latestRun null if the stack has no runs
  record StackSummaryJson(
      @JsonUnwrapped StackRoutes.StackJson stack,
      @Nullable LatestRunJson latestRun,
      WebhookCounts webhooks) {
    static StackSummaryJson of(StackSummary summary) {
      return new StackSummaryJson(
          StackRoutes.StackJson.of(summary.stack()),
          summary.latestRun().map(LatestRunJson::of).orElse(null),
          summary.webhooks());
    }

    record LatestRunJson(String id, RunState state, long stateVersion, Instant createdAt) {
      static LatestRunJson of(LatestRun run) {
        return new LatestRunJson(run.name(), run.state(), run.version(), run.createdAt());
      }
    }
  }

  /// The delivery statistics of a webhook, in intervals of equal length.
  ///
  /// @param step the length of an interval, as an ISO 8601 duration
  /// @param truncated whether some counts are too low because there were too many deliveries
  record DeliveryStatsJson(
      Instant from, String step, boolean truncated, List<StatsIntervalJson> items) {
    static DeliveryStatsJson of(DeliveryStats stats) {
      return new DeliveryStatsJson(
          stats.start(),
          stats.intervalLength().toString(),
          stats.truncated(),
          stats.intervals().stream().map(StatsIntervalJson::of).toList());
    }

    /// @param p50Ms the median latency; null, like `p99Ms`, if nothing was delivered
    record StatsIntervalJson(
        Instant start,
        int delivered,
        int failed,
        int pending,
        @Nullable Long p50Ms,
        @Nullable Long p99Ms) {
      static StatsIntervalJson of(StatsInterval interval) {
        return new StatsIntervalJson(
            interval.start(),
            interval.delivered(),
            interval.failed(),
            interval.pending(),
            interval.median().map(Duration::toMillis).orElse(null),
            interval.p99().map(Duration::toMillis).orElse(null));
      }
    }
  }

  public void mount(Routes routes) {
    routes.account(GET, "/stacks", Role.READER, this::stacks);
    routes.stack(GET, WebhookRoutes.WEBHOOK + "/stats", Role.READER, this::deliveryStats);
  }

  private ApiResponse stacks(ApiRequest request) {
    QueryReader query = request.query();
    Optional<String> search = query.find("search", StatsRoutes::search);
    return Pagination.respond(
        query,
        page -> stats.stacks(request.grant().account(), request.grant().stackScope(), search, page),
        StackSummaryJson::of);
  }

  private ApiResponse deliveryStats(ApiRequest request, StackId stack) {
    QueryReader query = request.query();
    Optional<DeliveryStats.Window> window = query.find("window", StatsRoutes::window);
    query.requireValid();
    return ApiResponse.ok(
        DeliveryStatsJson.of(
            stats.deliveryStats(
                stack, WebhookRoutes.id(request), window.orElse(DeliveryStats.Window.HOUR))));
  }

  private static DeliveryStats.Window window(String text) {
    return switch (text) {
      case "hour" -> DeliveryStats.Window.HOUR;
      case "day" -> DeliveryStats.Window.DAY;
      default -> throw new IllegalArgumentException("must be one of hour, day");
    };
  }

  private static String search(String text) {
    if (text.length() > MAX_SEARCH_LENGTH || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "must be part of the id or name of a stack, at most "
              + MAX_SEARCH_LENGTH
              + " characters");
    }
    return text;
  }
}
