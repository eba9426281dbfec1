package dev.runhook.http.delivery;

import static io.javalin.http.HandlerType.GET;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.SearchResult;
import dev.runhook.application.delivery.SearchResult.ExplainedOutcome;
import dev.runhook.application.query.SearchTerms;
import dev.runhook.application.query.SkipCount;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import dev.runhook.http.delivery.RunExplanationJson.WebhookOutcomeJson;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.json.QueryReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The route that searches, and explains what webhooks received of the runs found.
public final class SearchRoutes {
  private final DeliveryAdmin deliveries;

  public SearchRoutes(DeliveryAdmin deliveries) {
    this.deliveries = deliveries;
  }

  /// @param unknown the terms that are found nowhere
  record SearchResultJson(
      List<String> unknown,
      List<FoundStackJson> stacks,
      List<FoundWebhookJson> webhooks,
      List<FoundRunJson> runs,
      List<ExplainedOutcomeJson> outcomes,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> unavailableBuckets) {
    static SearchResultJson of(SearchResult result) {
      return new SearchResultJson(
          result.unknown(),
          result.stacks().stream().map(FoundStackJson::of).toList(),
          result.webhooks().stream().map(FoundWebhookJson::of).toList(),
          result.runs().stream().map(FoundRunJson::of).toList(),
          result.outcomes().stream().map(ExplainedOutcomeJson::of).toList(),
          result.unavailableBuckets());
    }
  }

  record FoundStackJson(String id, String name) {
    static FoundStackJson of(Stack stack) {
      return new FoundStackJson(stack.id().slug(), stack.name());
    }
  }

  record FoundWebhookJson(String id, StackId stack, String name, String endpoint) {
    static FoundWebhookJson of(Webhook webhook) {
      return new FoundWebhookJson(
          webhook.id().toString(),
          webhook.stack(),
          webhook.settings().name(),
          webhook.settings().endpoint().text());
    }
  }

  record FoundRunJson(
      String id,
      StackId stack,
      String branch,
      String commit,
      Instant createdAt,
      RunState state,
      long stateVersion) {
    static FoundRunJson of(Run run) {
      return new FoundRunJson(
          run.id().name(),
          run.id().stack(),
          run.details().branch(),
          run.details().commit().hash(),
          run.createdAt(),
          run.progress().state(),
          run.progress().version());
    }
  }

  /// @param run null, like the state and its version, if the event is not a transition
  /// @param similar null unless the webhook was skipped
  record ExplainedOutcomeJson(
      StackId stack,
      Optional<String> run,
      Optional<RunState> state,
      Optional<Long> stateVersion,
      WebhookOutcomeJson outcome,
      Optional<SkipCount> similar) {
    static ExplainedOutcomeJson of(ExplainedOutcome explained) {
      return new ExplainedOutcomeJson(
          explained.stack(),
          explained.transition().map(TransitionRef::run),
          explained.transition().map(TransitionRef::state),
          explained.transition().map(TransitionRef::version),
          WebhookOutcomeJson.of(explained.webhook()),
          explained.similar());
    }
  }

  public void mount(Routes routes) {
    routes.account(GET, "/search", Role.READER, this::search);
  }

  private ApiResponse search(ApiRequest request) {
    QueryReader query = request.query();
    Optional<SearchTerms> terms = query.find("q", SearchTerms::parse);
    query.requireValid();
    Grant grant = request.grant();
    return ApiResponse.ok(
        SearchResultJson.of(
            deliveries.search(
                grant.account(),
                grant.stackScope(),
                terms.orElseThrow(() -> ProblemException.inParameter("q", "q is required")))));
  }
}
