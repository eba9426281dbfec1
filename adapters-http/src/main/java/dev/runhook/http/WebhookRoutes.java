package dev.runhook.http;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PATCH;
import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.Refusal.NoSuchWebhook;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditTrail;
import dev.runhook.application.webhook.NewSecret;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/stacks/{stack}/webhooks`: who hears of a stack's runs. Whoever may read a webhook sees its
/// secret, and log and audit tell that; who asks again and again how it does need not
/// (`secrets=false`).
final class WebhookRoutes {
  private static final Logger SECRETS = LoggerFactory.getLogger("runhook.secret");
  private static final String WEBHOOKS = "/webhooks";
  static final String WEBHOOK = "/webhooks/{webhook}";

  private final WebhookAdmin webhooks;
  private final AuditTrail audit;

  WebhookRoutes(WebhookAdmin webhooks, AuditTrail audit) {
    this.webhooks = webhooks;
    this.audit = audit;
  }

  void mount(Routes routes) {
    routes.stack(POST, WEBHOOKS, Role.ADMIN, this::create);
    routes.stack(GET, WEBHOOKS, Role.READER, this::list);
    routes.stack(GET, WEBHOOK, Role.READER, this::find);
    routes.stack(PATCH, WEBHOOK, Role.ADMIN, this::edit);
    routes.stack(DELETE, WEBHOOK, Role.ADMIN, this::delete);
    routes.stack(POST, WEBHOOK + "/secret", Role.ADMIN, this::regenerateSecret);
    routes.stack(DELETE, WEBHOOK + "/previous-secret", Role.ADMIN, this::endPreviousSecret);
  }

  private Answer create(Call call, StackId stack) {
    WebhookDraft draft = call.body(WebhookForms::draft);
    Webhook webhook = webhooks.create(stack, draft, call.actor());
    return Answer.of(201, WebhookJson.of(webhook))
        .located("/stacks/" + stack.slug() + WEBHOOKS + "/" + webhook.id());
  }

  private Answer list(Call call, StackId stack) {
    Parameters parameters = call.parameters();
    boolean isWithSecrets = isWithSecrets(parameters);
    Answer answer =
        Pages.answer(
            parameters,
            page -> webhooks.list(stack, page),
            isWithSecrets ? WebhookJson::of : WebhookJson::withoutSecrets);
    if (isWithSecrets) {
      secretsAreRead(call, stack, Optional.empty());
    }
    return answer;
  }

  private Answer find(Call call, StackId stack) {
    Parameters parameters = call.parameters();
    boolean isWithSecrets = isWithSecrets(parameters);
    parameters.requireFit();
    Webhook webhook = webhooks.find(stack, id(call));
    if (!isWithSecrets) {
      return Answer.ok(WebhookJson.withoutSecrets(webhook));
    }
    secretsAreRead(call, stack, Optional.of(webhook.id()));
    return ok(webhook);
  }

  private static boolean isWithSecrets(Parameters parameters) {
    return parameters.find("secrets", WebhookRoutes::truth).orElse(true);
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private Answer edit(Call call, StackId stack) {
    WebhookId id = id(call);
    WebhookEdit edit = call.body(WebhookForms::edit);
    return ok(webhooks.edit(stack, id, edit, call.actor()));
  }

  private Answer delete(Call call, StackId stack) {
    webhooks.delete(stack, id(call), call.actor());
    return Answer.noContent();
  }

  private Answer regenerateSecret(Call call, StackId stack) {
    WebhookId id = id(call);
    NewSecret secret = call.body(WebhookForms::newSecret);
    return ok(webhooks.regenerateSecret(stack, id, secret, call.actor()));
  }

  private Answer endPreviousSecret(Call call, StackId stack) {
    webhooks.endPreviousSecret(stack, id(call), call.actor());
    return Answer.noContent();
  }

  /// One event for each request, however many it read.
  private void secretsAreRead(Call call, StackId stack, Optional<WebhookId> webhook) {
    audit.secretsRead(stack, webhook, call.actor());
    SECRETS
        .atInfo()
        .addKeyValue("token", call.grant().token())
        .addKeyValue("name", call.grant().name())
        .addKeyValue("stack", stack)
        .addKeyValue("webhook", webhook.map(WebhookId::toString).orElse("all"))
        .log("secret read");
  }

  static WebhookId id(Call call) {
    return call.findId("webhook")
        .map(WebhookId::new)
        .orElseThrow(() -> new RefusedException(new NoSuchWebhook(call.path("webhook"))));
  }

  private static Answer ok(Webhook webhook) {
    return Answer.ok(WebhookJson.of(webhook));
  }
}
