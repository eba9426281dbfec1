package dev.runhook.http.run;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PUT;
import static java.util.Optional.empty;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.application.query.StackSummary.LatestRun;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.stats.Stats;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.assessment.Assessment.Verdict;
import dev.runhook.domain.assessment.HealthSummary;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.ETag;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.webhook.HealthJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Routes for stacks at `/stacks`. Responses include the state of each stack.
public final class StackRoutes {
  private static final int MAX_SEARCH_LENGTH = 200;
  private static final StackId ANY_STACK = new StackId(new AccountId("any"), "any");
  private static final Decoder<String> URL = Decoder.text(TextLimits.MAX_URL);
  private static final Decoder<List<String>> LABELS =
      Decoder.listOf(Decoder.nonBlankText(TextLimits.MAX_LABEL))
          .map(list -> new Stack(ANY_STACK, "any", "", list, empty(), empty()).labels());

  private final RunJournal journal;
  private final Stats stats;

  public StackRoutes(RunJournal journal, Stats stats) {
    this.journal = journal;
    this.stats = stats;
  }

  /// A stack with its state.
  ///
  /// @param latestRun null if the stack has no runs
  /// @param failedDeliveries including those to deleted webhooks
  record StackSummaryJson(
      @JsonUnwrapped Stack stack,
      Optional<LatestRunJson> latestRun,
      WebhookCountsJson webhooks,
      int failedDeliveries,
      HealthJson.OfWebhooks health) {
    static StackSummaryJson of(StackSummary summary, HealthSummary health) {
      return new StackSummaryJson(
          summary.stack(),
          summary.latestRun().map(LatestRunJson::of),
          WebhookCountsJson.of(health),
          summary.failedDeliveries(),
          HealthJson.OfWebhooks.of(health));
    }
  }

  /// The number of webhooks, and of those with some verdicts.
  record WebhookCountsJson(int total, int failing, int paused, int disabled) {
    static WebhookCountsJson of(HealthSummary health) {
      return new WebhookCountsJson(
          health.webhooks(),
          health.count(Verdict.FAILING),
          health.count(Verdict.PAUSED),
          health.count(Verdict.DISABLED));
    }
  }

  record LatestRunJson(String id, RunState state, long stateVersion, Instant createdAt) {
    static LatestRunJson of(LatestRun run) {
      return new LatestRunJson(run.name(), run.state(), run.version(), run.createdAt());
    }
  }

  public void mount(Routes routes) {
    routes.account(GET, "/stacks", Role.READER, this::list);
    routes.stack(PUT, "", Role.WRITER, this::put);
    routes.stack(GET, "", Role.READER, (ignored, stack) -> summary(200, stack));
    routes.stack(DELETE, "", Role.ADMIN, this::delete);
  }

  private ApiResponse list(ApiRequest request) {
    QueryReader query = request.query();
    Optional<String> search = query.find("search", StackRoutes::search);
    Set<String> labels = query.findAll("label", Stack.MAX_LABELS, StackRoutes::label);
    StackFilter filter = new StackFilter(search, labels);
    return Pagination.respond(
        query,
        page -> {
          Page<StackSummary> found =
              stats.stacks(request.grant().account(), request.grant().stackScope(), filter, page);
          return found.map(json(found.items()));
        },
        Function.identity());
  }

  private Function<StackSummary, StackSummaryJson> json(List<StackSummary> found) {
    Map<StackId, HealthSummary> health =
        stats.health(found.stream().map(summary -> summary.stack().id()).toList());
    return summary ->
        StackSummaryJson.of(summary, Objects.requireNonNull(health.get(summary.stack().id())));
  }

  private static String label(String text) {
    TextLimits.requireNonBlank("a label", text, TextLimits.MAX_LABEL);
    return text;
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

  private ApiResponse put(ApiRequest request, StackId id) {
    Stack stack = request.readBody(fields -> parse(fields, id));
    boolean isNew =
        journal.register(
            stack,
            existing ->
                existing
                    .map(before -> request.allowsChangeOf(ETag.of(before)))
                    .orElseGet(request::allowsCreation));
    return isNew ? summary(201, id).withLocation("/stacks/" + id.slug()) : summary(200, id);
  }

  /// The ETag changes with the description of the stack, and not with its state.
  private ApiResponse summary(int status, StackId id) {
    StackSummary summary = stats.stack(id);
    return ApiResponse.of(status, json(List.of(summary)).apply(summary))
        .withETag(ETag.of(summary.stack()));
  }

  private ApiResponse delete(ApiRequest request, StackId stack) {
    journal.deleteStack(stack, before -> request.allowsChangeOf(ETag.of(before)), request.actor());
    return ApiResponse.noContent();
  }

  /// Decodes a request to create or change a stack.
  public static Optional<Stack> parse(JsonObjectReader fields, StackId id) {
    Optional<String> name = fields.required("name", Decoder.nonBlankText(TextLimits.MAX_NAME));
    Optional<String> description =
        fields.optional("description", Decoder.text(TextLimits.MAX_TEXT));
    Optional<List<String>> labels = fields.optional("labels", LABELS);
    Optional<String> url = fields.optional("url", URL);
    Optional<String> repository = fields.optional("repository", URL);
    return fields.build(() ->
        new Stack(
            id,
            name.orElseThrow(),
            description.orElse(""),
            labels.orElse(List.of()),
            url,
            repository));
  }
}
