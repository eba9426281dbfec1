package dev.runhook.http.stats;

import static io.javalin.http.HandlerType.GET;

import dev.runhook.application.DeliveryStats;
import dev.runhook.application.stats.Stats;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.webhook.WebhookRoutes;
import java.util.Optional;

/// The list of stacks with the state of each, and the delivery statistics of a webhook.
public final class StatsRoutes {
  private static final int MAX_SEARCH_LENGTH = 200;

  private final Stats stats;

  public StatsRoutes(Stats stats) {
    this.stats = stats;
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
