package dev.runhook.http.webhook;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PATCH;
import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.query.Page;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.OwnedWebhookAdmin;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.ETag;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.webhook.WebhookJson.HeadersJson;
import dev.runhook.http.webhook.WebhookJson.SecretJson;
import dev.runhook.http.webhook.WebhookJson.UpdatedJson;
import dev.runhook.http.webhook.WebhookJson.WithSecretJson;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The routes that the webhooks of stacks and of accounts have in common. Secrets and the values of
/// custom headers have their own requests, which are logged and audited.
///
/// @param <O> identifies an owner
abstract class OwnedWebhookRoutes<O> {
  private static final Logger SECRETS = LoggerFactory.getLogger("runhook.secret");

  private final OwnedWebhookAdmin<O> webhooks;

  OwnedWebhookRoutes(OwnedWebhookAdmin<O> webhooks) {
    this.webhooks = webhooks;
  }

  /// Adds a route with the role that it requires.
  interface Router<O> {
    void add(
        HandlerType method,
        String path,
        Role required,
        BiFunction<ApiRequest, O, ApiResponse> action);
  }

  /// @param path of all webhooks, for the router
  /// @param reader the lowest role that may read webhooks
  /// @param secretReader the lowest role that may read secrets
  void mount(Router<O> router, String path, Role reader, Role secretReader) {
    String one = path + "/{webhook}";
    router.add(POST, path, Role.ADMIN, this::create);
    router.add(GET, path, reader, this::list);
    router.add(GET, one, reader, this::find);
    router.add(PATCH, one, Role.ADMIN, this::update);
    router.add(DELETE, one, Role.ADMIN, this::delete);
    router.add(GET, one + "/secret", secretReader, this::secret);
    router.add(GET, one + "/headers", Role.ADMIN, this::headers);
    router.add(POST, one + "/secret", Role.ADMIN, this::rotateSecret);
    router.add(DELETE, one + "/previous-secret", Role.ADMIN, this::revokePreviousSecret);
  }

  abstract Optional<CreateWebhookRequest> parseNew(JsonObjectReader fields);

  abstract Optional<UpdateWebhookRequest> parsePatch(JsonObjectReader fields);

  abstract WebhookId requireId(ApiRequest request);

  /// Returns the path of all webhooks of the owner.
  abstract String pathOf(O owner);

  /// Reads the counts and times that responses about these webhooks contain.
  ///
  /// @return the response about each of them
  abstract Function<Webhook, Object> json(O owner, List<Webhook> webhooks);

  /// Returns a webhook after a change.
  abstract Object changed(Webhook webhook);

  abstract ETag etag(Webhook webhook);

  /// Adds what identifies a webhook to a line of the log.
  abstract LoggingEventBuilder describe(LoggingEventBuilder line, O owner, WebhookId id);

  private ApiResponse create(ApiRequest request, O owner) {
    CreateWebhookRequest body = request.readBody(this::parseNew);
    Webhook webhook = webhooks.within(request.scope()).create(owner, body, request.actor());
    return ApiResponse.of(201, withSecret(webhook))
        .withETag(etag(webhook))
        .withLocation(pathOf(owner) + "/" + webhook.id());
  }

  private ApiResponse list(ApiRequest request, O owner) {
    return Pagination.respond(
        request.query(),
        page -> {
          Page<Webhook> found = webhooks.list(owner, page);
          return found.map(json(owner, found.items()));
        },
        Function.identity());
  }

  private ApiResponse find(ApiRequest request, O owner) {
    return found(owner, webhooks.get(owner, requireId(request)));
  }

  ApiResponse found(O owner, Webhook webhook) {
    return ApiResponse.ok(json(owner, List.of(webhook)).apply(webhook)).withETag(etag(webhook));
  }

  private ApiResponse update(ApiRequest request, O owner) {
    UpdateWebhookRequest patch = request.readBody(this::parsePatch);
    Webhook updated =
        webhooks.update(owner, requireId(request), expected(request), patch, request.actor());
    return ApiResponse.ok(UpdatedJson.of(changed(updated), patch.secret())).withETag(etag(updated));
  }

  private ApiResponse delete(ApiRequest request, O owner) {
    webhooks.delete(owner, requireId(request), expected(request), request.actor());
    return ApiResponse.noContent();
  }

  private Predicate<Webhook> expected(ApiRequest request) {
    return webhook -> request.allowsChangeOf(etag(webhook));
  }

  private ApiResponse secret(ApiRequest request, O owner) {
    WebhookId id = requireId(request);
    SigningKeys keys = webhooks.readSecret(owner, id, request.actor());
    log(request, owner, id, "secret read");
    return ApiResponse.ok(SecretJson.of(keys));
  }

  private ApiResponse headers(ApiRequest request, O owner) {
    WebhookId id = requireId(request);
    CustomHeaders headers = webhooks.readHeaders(owner, id, request.actor());
    log(request, owner, id, "headers read");
    return ApiResponse.ok(HeadersJson.of(headers));
  }

  private ApiResponse rotateSecret(ApiRequest request, O owner) {
    WebhookId id = requireId(request);
    RotateSecretRequest rotation = request.readOptionalBody(WebhookRequestParser::parseRotation);
    Webhook webhook =
        webhooks.within(request.scope()).rotateSecret(owner, id, rotation, request.actor());
    return ApiResponse.ok(withSecret(webhook)).withETag(etag(webhook));
  }

  private ApiResponse revokePreviousSecret(ApiRequest request, O owner) {
    webhooks.revokePreviousSecret(owner, requireId(request), request.actor());
    return ApiResponse.noContent();
  }

  private WithSecretJson withSecret(Webhook webhook) {
    return WithSecretJson.of(changed(webhook), webhook.keys().current());
  }

  private void log(ApiRequest request, O owner, WebhookId webhook, String message) {
    LoggingEventBuilder line =
        SECRETS
            .atInfo()
            .addKeyValue("token", request.grant().token())
            .addKeyValue("name", request.grant().name());
    describe(line, owner, webhook).log(message);
  }
}
