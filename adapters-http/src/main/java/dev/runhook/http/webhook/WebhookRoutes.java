package dev.runhook.http.webhook;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PATCH;
import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.DeliveryStats.StatsInterval;
import dev.runhook.application.query.DeliveryStats.Window;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.WebhookActivity;
import dev.runhook.application.refusal.Refusal.NoSuchWebhook;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.webhook.WebhookJson.HeadersJson;
import dev.runhook.http.webhook.WebhookJson.SecretJson;
import dev.runhook.http.webhook.WebhookJson.UpdatedJson;
import dev.runhook.http.webhook.WebhookJson.WithSecretJson;
import dev.runhook.http.webhook.WebhookRequestParser.PreviewRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Routes for the webhooks of a stack at `/stacks/{stack}/webhooks`, for those of all stacks at
/// `/webhooks`, and for their delivery statistics. Secrets and the values of custom headers have
/// their own requests, which are logged and audited.
public final class WebhookRoutes {
  private static final Logger SECRETS = LoggerFactory.getLogger("runhook.secret");
  private static final String WEBHOOKS = "/webhooks";
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

  /// The delivery statistics of a webhook, in intervals of equal length.
  ///
  /// @param step the length of an interval
  /// @param truncated whether some counts are too low because there were too many deliveries
  record DeliveryStatsJson(
      Instant from, Duration step, boolean truncated, List<StatsIntervalJson> items) {
    static DeliveryStatsJson of(DeliveryStats stats) {
      return new DeliveryStatsJson(
          stats.start(),
          stats.intervalLength(),
          stats.truncated(),
          stats.intervals().stream().map(StatsIntervalJson::of).toList());
    }
  }

  /// @param p50Ms the median latency; null, like `p99Ms`, if nothing was delivered
  record StatsIntervalJson(
      Instant start,
      int delivered,
      int retried,
      int failed,
      int pending,
      Optional<Long> p50Ms,
      Optional<Long> p99Ms) {
    static StatsIntervalJson of(StatsInterval interval) {
      return new StatsIntervalJson(
          interval.start(),
          interval.delivered(),
          interval.retried(),
          interval.failed(),
          interval.pending(),
          interval.median().map(Duration::toMillis),
          interval.p99().map(Duration::toMillis));
    }
  }

  public void mount(Routes routes) {
    routes.stack(POST, WEBHOOKS, Role.ADMIN, this::create);
    routes.stack(GET, WEBHOOKS, Role.READER, this::list);
    routes.account(GET, WEBHOOKS, Role.READER, this::listOfAccount);
    routes.account(GET, WEBHOOK, Role.READER, this::findOfAccount);
    routes.stack(POST, WEBHOOKS + "/preview", Role.ADMIN, this::preview);
    routes.stack(GET, WEBHOOK, Role.READER, this::find);
    routes.stack(PATCH, WEBHOOK, Role.ADMIN, this::update);
    routes.stack(DELETE, WEBHOOK, Role.ADMIN, this::delete);
    routes.stack(GET, WEBHOOK + "/secret", secretsVisibleTo, this::secret);
    routes.stack(GET, WEBHOOK + "/headers", Role.ADMIN, this::headers);
    routes.stack(POST, WEBHOOK + "/secret", Role.ADMIN, this::rotateSecret);
    routes.stack(DELETE, WEBHOOK + "/previous-secret", Role.ADMIN, this::revokePreviousSecret);
    routes.stack(POST, WEBHOOK + "/resume", Role.ADMIN, this::resume);
    routes.stack(GET, WEBHOOK + "/stats", Role.READER, this::deliveryStats);
  }

  private ApiResponse create(ApiRequest request, StackId stack) {
    CreateWebhookRequest newWebhook = request.readBody(WebhookRequestParser::parseNewWebhook);
    Webhook webhook = webhooks.within(request.scope()).create(stack, newWebhook, request.actor());
    return ApiResponse.of(201, withSecret(webhook, WebhookActivity.none()))
        .withETag(WebhookJson.etag(webhook))
        .withLocation("/stacks/" + stack.slug() + WEBHOOKS + "/" + webhook.id());
  }

  private ApiResponse preview(ApiRequest request, StackId stack) {
    PreviewRequest preview = request.readBody(WebhookRequestParser::parseFormatPreview);
    return ApiResponse.ok(
        PreviewJson.of(deliveries.preview(stack, preview.settings(), preview.state())));
  }

  private ApiResponse list(ApiRequest request, StackId stack) {
    return Pagination.respond(
        request.query(), page -> toJson(webhooks.list(stack, page)), Function.identity());
  }

  private ApiResponse listOfAccount(ApiRequest request) {
    QueryReader query = request.query();
    StackScope stackScope = request.findStackScope(query);
    return Pagination.respond(
        query,
        page -> toJson(webhooks.list(request.grant().account(), stackScope, page)),
        Function.identity());
  }

  private Page<WebhookJson> toJson(Page<Webhook> page) {
    Map<WebhookId, WebhookActivity> activity = stats.activity(page.items());
    return page.map(
        webhook -> toJson(webhook, activity.getOrDefault(webhook.id(), WebhookActivity.none())));
  }

  private WebhookJson toJson(Webhook webhook, WebhookActivity activity) {
    return WebhookJson.of(webhook, activity, dispatch);
  }

  private WithSecretJson withSecret(Webhook webhook, WebhookActivity activity) {
    return WithSecretJson.of(toJson(webhook, activity), webhook.keys().current());
  }

  private WebhookActivity activity(Webhook webhook) {
    return stats.activity(List.of(webhook)).getOrDefault(webhook.id(), WebhookActivity.none());
  }

  private ApiResponse find(ApiRequest request, StackId stack) {
    return found(webhooks.get(stack, id(request)));
  }

  private ApiResponse findOfAccount(ApiRequest request) {
    Grant grant = request.grant();
    return found(webhooks.get(grant.account(), grant.stackScope(), id(request)));
  }

  private ApiResponse found(Webhook webhook) {
    return ApiResponse.ok(toJson(webhook, activity(webhook))).withETag(WebhookJson.etag(webhook));
  }

  private ApiResponse secret(ApiRequest request, StackId stack) {
    WebhookId id = id(request);
    SigningKeys keys = webhooks.readSecret(stack, id, request.actor());
    log(request, stack, id, "secret read");
    return ApiResponse.ok(SecretJson.of(keys));
  }

  private ApiResponse headers(ApiRequest request, StackId stack) {
    WebhookId id = id(request);
    CustomHeaders headers = webhooks.readHeaders(stack, id, request.actor());
    log(request, stack, id, "headers read");
    return ApiResponse.ok(HeadersJson.of(headers));
  }

  private ApiResponse update(ApiRequest request, StackId stack) {
    WebhookId id = id(request);
    UpdateWebhookRequest patch = request.readBody(WebhookRequestParser::parsePatch);
    Webhook updated = webhooks.update(stack, id, expected(request), patch, request.actor());
    return ApiResponse.ok(UpdatedJson.of(toJson(updated, activity(updated)), patch.secret()))
        .withETag(WebhookJson.etag(updated));
  }

  private ApiResponse delete(ApiRequest request, StackId stack) {
    webhooks.delete(stack, id(request), expected(request), request.actor());
    return ApiResponse.noContent();
  }

  private static Predicate<Webhook> expected(ApiRequest request) {
    return webhook -> request.allowsChangeOf(WebhookJson.etag(webhook));
  }

  private ApiResponse rotateSecret(ApiRequest request, StackId stack) {
    WebhookId id = id(request);
    RotateSecretRequest rotation = request.readOptionalBody(WebhookRequestParser::parseRotation);
    Webhook webhook =
        webhooks.within(request.scope()).rotateSecret(stack, id, rotation, request.actor());
    return ApiResponse.ok(withSecret(webhook, activity(webhook)))
        .withETag(WebhookJson.etag(webhook));
  }

  private ApiResponse revokePreviousSecret(ApiRequest request, StackId stack) {
    webhooks.revokePreviousSecret(stack, id(request), request.actor());
    return ApiResponse.noContent();
  }

  private ApiResponse resume(ApiRequest request, StackId stack) {
    request.requireEmptyBody();
    Webhook webhook = webhooks.within(request.scope()).resume(stack, id(request), request.actor());
    return ApiResponse.ok(toJson(webhook, activity(webhook))).withETag(WebhookJson.etag(webhook));
  }

  private ApiResponse deliveryStats(ApiRequest request, StackId stack) {
    QueryReader query = request.query();
    Optional<Window> window =
        query.find("window", name -> Decoder.lowerCaseConstant(List.of(Window.values()), name));
    query.requireValid();
    return ApiResponse.ok(
        DeliveryStatsJson.of(stats.deliveryStats(stack, id(request), window.orElse(Window.HOUR))));
  }

  private static void log(ApiRequest request, StackId stack, WebhookId webhook, String message) {
    secretLog(request).addKeyValue("stack", stack).addKeyValue("webhook", webhook).log(message);
  }

  /// Begins a log event about secrets.
  static LoggingEventBuilder secretLog(ApiRequest request) {
    return SECRETS
        .atInfo()
        .addKeyValue("token", request.grant().token())
        .addKeyValue("name", request.grant().name());
  }

  public static WebhookId id(ApiRequest request) {
    return request.id("webhook", WebhookId::new, NoSuchWebhook::new);
  }
}
