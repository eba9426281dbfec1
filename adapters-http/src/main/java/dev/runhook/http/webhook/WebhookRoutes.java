package dev.runhook.http.webhook;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.query.AccountHealth;
import dev.runhook.application.query.Page;
import dev.runhook.application.refusal.Refusal.NoSuchWebhook;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.ETag;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.webhook.WebhookRequestParser.PreviewRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.spi.LoggingEventBuilder;

/// Routes for the webhooks of a stack at `/stacks/{stack}/webhooks`, and for those of all stacks at
/// `/webhooks`. Read [OwnedWebhookRoutes] first.
public final class WebhookRoutes extends OwnedWebhookRoutes<StackId> {
  public static final String WEBHOOKS = "/webhooks";
  public static final String WEBHOOK = "/webhooks/{webhook}";

  private final WebhookAdmin webhooks;
  private final DeliveryAdmin deliveries;
  private final Stats stats;
  private final DispatchConfig dispatch;
  private final Role secretsVisibleTo;

  /// @param dispatch the timeout and the retry schedule of webhooks without their own
  /// @param secretsVisibleTo the lowest role that may read secrets
  public WebhookRoutes(
      WebhookAdmin webhooks,
      DeliveryAdmin deliveries,
      Stats stats,
      DispatchConfig dispatch,
      Role secretsVisibleTo) {
    super(webhooks);
    this.webhooks = webhooks;
    this.deliveries = deliveries;
    this.stats = stats;
    this.dispatch = dispatch;
    this.secretsVisibleTo = secretsVisibleTo;
  }

  /// @param body the exact text
  record PreviewJson(String contentType, String body) {
    static PreviewJson of(Payload payload) {
      return new PreviewJson(payload.format().contentType(), payload.text());
    }
  }

  /// The account at a glance.
  ///
  /// @param needingAttention the most urgent webhooks that need an action
  /// @param unavailableBuckets whose webhooks are missing; absent if none are
  record SummaryJson(
      HealthJson.OfWebhooks health,
      List<WebhookJson> needingAttention,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> unavailableBuckets) {}

  /// Whether a process sends the deliveries of the account.
  ///
  /// @param stalledSince null if one does
  record SenderJson(boolean alive, Optional<Instant> stalledSince) {
    static SenderJson of(Optional<Instant> stalledSince) {
      return new SenderJson(stalledSince.isEmpty(), stalledSince);
    }
  }

  public void mount(Routes routes) {
    mount(routes::stack, WEBHOOKS, Role.READER, secretsVisibleTo);
    routes.account(GET, WEBHOOKS, Role.READER, this::listOfAccount);
    routes.account(GET, "/summary", Role.READER, this::summary);
    routes.account(GET, "/sender", Role.READER, this::sender);
    routes.account(GET, WEBHOOK, Role.READER, this::findOfAccount);
    routes.stack(POST, WEBHOOKS + "/preview", Role.ADMIN, this::preview);
    routes.stack(POST, WEBHOOK + "/resume", Role.ADMIN, this::resume);
  }

  @Override
  Optional<CreateWebhookRequest> parseNew(JsonObjectReader fields) {
    return WebhookRequestParser.parseNewWebhook(fields);
  }

  @Override
  Optional<UpdateWebhookRequest> parsePatch(JsonObjectReader fields) {
    return WebhookRequestParser.parsePatch(fields);
  }

  @Override
  WebhookId requireId(ApiRequest request) {
    return id(request);
  }

  @Override
  String pathOf(StackId stack) {
    return "/stacks/" + stack.slug() + WEBHOOKS;
  }

  @Override
  Function<Webhook, Object> json(StackId stack, List<Webhook> found) {
    return json(found);
  }

  private Function<Webhook, Object> json(List<Webhook> found) {
    Map<WebhookId, WebhookActivity> activity = stats.activity(found);
    return webhook ->
        WebhookJson.of(
            webhook,
            activity.getOrDefault(webhook.id(), WebhookActivity.none(webhook.updatedAt())),
            dispatch);
  }

  @Override
  Object changed(Webhook webhook) {
    return json(List.of(webhook)).apply(webhook);
  }

  @Override
  ETag etag(Webhook webhook) {
    return WebhookJson.etag(webhook);
  }

  @Override
  LoggingEventBuilder describe(LoggingEventBuilder line, StackId stack, WebhookId id) {
    return line.addKeyValue("stack", stack).addKeyValue("webhook", id);
  }

  private ApiResponse preview(ApiRequest request, StackId stack) {
    PreviewRequest preview = request.readBody(WebhookRequestParser::parseFormatPreview);
    return ApiResponse.ok(
        PreviewJson.of(deliveries.preview(stack, preview.settings(), preview.state())));
  }

  private ApiResponse listOfAccount(ApiRequest request) {
    QueryReader query = request.query();
    StackScope stackScope = request.findStackScope(query);
    Optional<String> externalId = query.find("externalId", WebhookSettings::requireExternalId);
    return Pagination.respond(
        query,
        page -> {
          Page<Webhook> found =
              webhooks.list(request.grant().account(), stackScope, externalId, page);
          return found.map(json(found.items()));
        },
        Function.identity());
  }

  private ApiResponse summary(ApiRequest request) {
    Grant grant = request.grant();
    request.query().requireValid();
    AccountHealth account = stats.health(grant.account(), grant.stackScope());
    return ApiResponse.ofPolled(
        new SummaryJson(
            HealthJson.OfWebhooks.of(account.health()),
            account.needingAttention().stream()
                .map(each -> WebhookJson.of(each.webhook(), each.activity(), dispatch))
                .toList(),
            account.unavailableBuckets()));
  }

  private ApiResponse sender(ApiRequest request) {
    return ApiResponse.ok(SenderJson.of(stats.stalledSince(request.grant().account())));
  }

  private ApiResponse findOfAccount(ApiRequest request) {
    Grant grant = request.grant();
    Webhook webhook = webhooks.get(grant.account(), grant.stackScope(), id(request));
    return found(webhook.stack(), webhook);
  }

  private ApiResponse resume(ApiRequest request, StackId stack) {
    request.requireEmptyBody();
    Webhook webhook = webhooks.within(request.scope()).resume(stack, id(request), request.actor());
    return ApiResponse.ok(changed(webhook)).withETag(etag(webhook));
  }

  public static WebhookId id(ApiRequest request) {
    return request.id("webhook", WebhookId::new, NoSuchWebhook::new);
  }
}
