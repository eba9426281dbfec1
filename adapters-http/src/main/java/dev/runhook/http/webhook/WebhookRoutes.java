package dev.runhook.http.webhook;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PATCH;
import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.Refusal.NoSuchWebhook;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.webhook.NewWebhook;
import dev.runhook.application.webhook.SecretRotation;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookPatch;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.QueryReader;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/stacks/{stack}/webhooks`: who hears of a stack's runs. Whoever may read a webhook sees its
/// secret, and log and audit tell that; who asks again and again how it does need not
/// (`secrets=false`).
public final class WebhookRoutes {
  private static final Logger SECRETS = LoggerFactory.getLogger("runhook.secret");
  private static final String WEBHOOKS = "/webhooks";
  public static final String WEBHOOK = "/webhooks/{webhook}";

  private final WebhookAdmin webhooks;
  private final AuditLog audit;

  public WebhookRoutes(WebhookAdmin webhooks, AuditLog audit) {
    this.webhooks = webhooks;
    this.audit = audit;
  }

  public void mount(Routes routes) {
    routes.stack(POST, WEBHOOKS, Role.ADMIN, this::create);
    routes.stack(GET, WEBHOOKS, Role.READER, this::list);
    routes.stack(GET, WEBHOOK, Role.READER, this::find);
    routes.stack(PATCH, WEBHOOK, Role.ADMIN, this::edit);
    routes.stack(DELETE, WEBHOOK, Role.ADMIN, this::delete);
    routes.stack(POST, WEBHOOK + "/secret", Role.ADMIN, this::regenerateSecret);
    routes.stack(DELETE, WEBHOOK + "/previous-secret", Role.ADMIN, this::endPreviousSecret);
  }

  private ApiResponse create(ApiRequest apiRequest, StackId stack) {
    NewWebhook draft = apiRequest.readBody(WebhookRequestParser::parseNewWebhook);
    Webhook webhook = webhooks.create(stack, draft, apiRequest.actor());
    return ApiResponse.of(201, WebhookJson.of(webhook))
        .withLocation("/stacks/" + stack.slug() + WEBHOOKS + "/" + webhook.id());
  }

  private ApiResponse list(ApiRequest apiRequest, StackId stack) {
    QueryReader queryReader = apiRequest.query();
    boolean isWithSecrets = isWithSecrets(queryReader);
    ApiResponse apiResponse =
        Pagination.respond(
            queryReader,
            page -> webhooks.list(stack, page),
            isWithSecrets ? WebhookJson::of : WebhookJson::withoutSecrets);
    if (isWithSecrets) {
      secretsAreRead(apiRequest, stack, Optional.empty());
    }
    return apiResponse;
  }

  private ApiResponse find(ApiRequest apiRequest, StackId stack) {
    QueryReader queryReader = apiRequest.query();
    boolean isWithSecrets = isWithSecrets(queryReader);
    queryReader.requireValid();
    Webhook webhook = webhooks.get(stack, id(apiRequest));
    if (!isWithSecrets) {
      return ApiResponse.ok(WebhookJson.withoutSecrets(webhook));
    }
    secretsAreRead(apiRequest, stack, Optional.of(webhook.id()));
    return ok(webhook);
  }

  private static boolean isWithSecrets(QueryReader queryReader) {
    return queryReader.find("secrets", WebhookRoutes::truth).orElse(true);
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private ApiResponse edit(ApiRequest apiRequest, StackId stack) {
    WebhookId id = id(apiRequest);
    WebhookPatch edit = apiRequest.readBody(WebhookRequestParser::parsePatch);
    return ok(webhooks.update(stack, id, edit, apiRequest.actor()));
  }

  private ApiResponse delete(ApiRequest apiRequest, StackId stack) {
    webhooks.delete(stack, id(apiRequest), apiRequest.actor());
    return ApiResponse.noContent();
  }

  private ApiResponse regenerateSecret(ApiRequest apiRequest, StackId stack) {
    WebhookId id = id(apiRequest);
    SecretRotation secret = apiRequest.readBody(WebhookRequestParser::parseRotation);
    return ok(webhooks.rotateSecret(stack, id, secret, apiRequest.actor()));
  }

  private ApiResponse endPreviousSecret(ApiRequest apiRequest, StackId stack) {
    webhooks.revokePreviousSecret(stack, id(apiRequest), apiRequest.actor());
    return ApiResponse.noContent();
  }

  /// One event for each request, however many it read.
  private void secretsAreRead(ApiRequest apiRequest, StackId stack, Optional<WebhookId> webhook) {
    audit.recordSecretsRead(stack, webhook, apiRequest.actor());
    SECRETS
        .atInfo()
        .addKeyValue("token", apiRequest.grant().token())
        .addKeyValue("name", apiRequest.grant().name())
        .addKeyValue("stack", stack)
        .addKeyValue("webhook", webhook.map(WebhookId::toString).orElse("all"))
        .log("secret read");
  }

  public static WebhookId id(ApiRequest apiRequest) {
    return apiRequest
        .findId("webhook")
        .map(WebhookId::new)
        .orElseThrow(
            () -> new RefusedException(new NoSuchWebhook(apiRequest.pathParameter("webhook"))));
  }

  private static ApiResponse ok(Webhook webhook) {
    return ApiResponse.ok(WebhookJson.of(webhook));
  }
}
