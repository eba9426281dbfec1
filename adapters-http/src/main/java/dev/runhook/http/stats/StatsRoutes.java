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

/// How all is going: the list of stacks with what matters of each, and figures of a webhook.
public final class StatsRoutes {
  private static final int LONGEST_SEARCH = 200;

  private final Stats stats;

  public StatsRoutes(Stats overview) {
    this.stats = overview;
  }

  /// A stack in the list.
  ///
  /// @param latestRun null where there was none yet
  record StackSummaryJson(
      @JsonUnwrapped StackRoutes.StackJson stack,
      @Nullable LatestRunJson latestRun,
      WebhookCounts webhooks) {
    static StackSummaryJson of(StackSummary glance) {
      return new StackSummaryJson(
          StackRoutes.StackJson.of(glance.stack()),
          glance.latestRun().map(LatestRunJson::of).orElse(null),
          glance.webhooks());
    }
  }

  record LatestRunJson(String id, RunState state, long stateVersion, Instant createdAt) {
    static LatestRunJson of(LatestRun run) {
      return new LatestRunJson(run.name(), run.state(), run.version(), run.createdAt());
    }
  }

  record DeliveryStatsJson(
      Instant from, String step, boolean truncated, List<StatsIntervalJson> items) {
    static DeliveryStatsJson of(DeliveryStats deliveryStats) {
      return new DeliveryStatsJson(
          deliveryStats.start(),
          deliveryStats.intervalLength().toString(),
          deliveryStats.truncated(),
          deliveryStats.intervals().stream().map(StatsIntervalJson::of).toList());
    }
  }

  /// @param p50Ms null where nothing was delivered
  record StatsIntervalJson(
      Instant start,
      int delivered,
      int failed,
      int pending,
      @Nullable Long p50Ms,
      @Nullable Long p99Ms) {
    static StatsIntervalJson of(StatsInterval statsInterval) {
      return new StatsIntervalJson(
          statsInterval.start(),
          statsInterval.delivered(),
          statsInterval.failed(),
          statsInterval.pending(),
          statsInterval.median().map(Duration::toMillis).orElse(null),
          statsInterval.p99().map(Duration::toMillis).orElse(null));
    }
  }

  public void mount(Routes routes) {
    routes.account(GET, "/stacks", Role.READER, this::stacks);
    routes.stack(GET, WebhookRoutes.WEBHOOK + "/figures", Role.READER, this::figures);
  }

  private ApiResponse stacks(ApiRequest apiRequest) {
    QueryReader queryReader = apiRequest.query();
    Optional<String> search = queryReader.find("search", StatsRoutes::search);
    return Pagination.respond(
        queryReader,
        page ->
            stats.stacks(
                apiRequest.grant().account(), apiRequest.grant().stackScope(), search, page),
        StackSummaryJson::of);
  }

  private ApiResponse figures(ApiRequest apiRequest, StackId stack) {
    QueryReader queryReader = apiRequest.query();
    Optional<DeliveryStats.Window> span = queryReader.find("span", StatsRoutes::span);
    queryReader.requireValid();
    return ApiResponse.ok(
        DeliveryStatsJson.of(
            stats.deliveryStats(
                stack, WebhookRoutes.id(apiRequest), span.orElse(DeliveryStats.Window.HOUR))));
  }

  private static DeliveryStats.Window span(String text) {
    return switch (text) {
      case "hour" -> DeliveryStats.Window.HOUR;
      case "day" -> DeliveryStats.Window.DAY;
      default -> throw new IllegalArgumentException("must be one of hour, day");
    };
  }

  private static String search(String text) {
    if (text.length() > LONGEST_SEARCH || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "is a part of a stack's id or name, of " + LONGEST_SEARCH + " characters at most");
    }
    return text;
  }
}
