package dev.runhook.http.delivery;

import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runhook.application.stats.DryRun;
import dev.runhook.application.stats.DryRun.Decision;
import dev.runhook.application.stats.Stats;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import dev.runhook.http.webhook.AccountWebhookRoutes;
import dev.runhook.http.webhook.WebhookRequestParser;
import dev.runhook.http.webhook.WebhookRequestParser.DryRunRequest;
import dev.runhook.http.webhook.WebhookRoutes;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Routes that say what a webhook with certain filters would have received.
public final class DryRunRoutes {
  private static final String DRY_RUN = "/dry-run";

  private final Stats stats;

  public DryRunRoutes(Stats stats) {
    this.stats = stats;
  }

  record DryRunJson(
      Instant from,
      Instant to,
      int examined,
      double examinedPerDay,
      int sent,
      double sentPerDay,
      List<SkippedJson> skipped,
      List<DecisionJson> latest,
      boolean complete,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> unavailableBuckets) {
    static DryRunJson of(DryRun dryRun) {
      return new DryRunJson(
          dryRun.from(),
          dryRun.to(),
          dryRun.examined(),
          dryRun.examinedPerDay(),
          dryRun.sent(),
          dryRun.sentPerDay(),
          dryRun.skipped().entrySet().stream()
              .sorted(Map.Entry.<Code, Integer>comparingByValue(Comparator.reverseOrder()))
              .map(entry -> new SkippedJson(entry.getKey(), entry.getValue()))
              .toList(),
          dryRun.latest().stream().map(DecisionJson::of).toList(),
          dryRun.isComplete(),
          dryRun.unavailableBuckets());
    }
  }

  record SkippedJson(Code code, int count) {}

  /// @param skip why the webhook would not have received the transition; null if it would have
  record DecisionJson(
      StackId stack,
      String run,
      RunState state,
      long stateVersion,
      Instant timestamp,
      String branch,
      Optional<ExplanationJson> skip) {
    static DecisionJson of(Decision decision) {
      RunStateChanged change = decision.change();
      return new DecisionJson(
          change.stack().id(),
          change.run().id().name(),
          change.transition().state(),
          change.transition().version(),
          change.transition().occurredAt(),
          change.run().details().branch(),
          decision.skip().map(ExplanationJson::of));
    }
  }

  public void mount(Routes routes) {
    routes.stack(POST, WebhookRoutes.WEBHOOKS + DRY_RUN, Role.ADMIN, this::ofStack);
    routes.account(POST, AccountWebhookRoutes.WEBHOOKS + DRY_RUN, Role.ADMIN, this::ofAccount);
  }

  private ApiResponse ofStack(ApiRequest request, StackId stack) {
    DryRunRequest body = request.readBody(WebhookRequestParser::parseDryRun);
    return ApiResponse.ok(DryRunJson.of(stats.dryRun(stack, body.filters(), body.period())));
  }

  private ApiResponse ofAccount(ApiRequest request) {
    AccountId account = AccountWebhookRoutes.requireAllStacks(request);
    DryRunRequest body = request.readBody(WebhookRequestParser::parseAccountDryRun);
    return ApiResponse.ok(DryRunJson.of(stats.dryRun(account, body.filters(), body.period())));
  }
}
