package dev.runhook.http.webhook;

import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.query.CopyCount;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.StackMatches;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.filter.LabelExpression;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.ETag;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.webhook.WebhookRequestParser.PreviewRequest;
import dev.runhook.http.webhook.WebhookRoutes.PreviewJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.spi.LoggingEventBuilder;

/// Routes for the webhooks of an account at `/account-webhooks`. They need a token for all stacks,
/// because each stack may have a copy. Read [OwnedWebhookRoutes] first.
public final class AccountWebhookRoutes extends OwnedWebhookRoutes<AccountId> {
  public static final String WEBHOOKS = "/account-webhooks";
  public static final String WEBHOOK = WEBHOOKS + "/{webhook}";

  private final AccountWebhookAdmin webhooks;
  private final DeliveryAdmin deliveries;

  public AccountWebhookRoutes(AccountWebhookAdmin webhooks, DeliveryAdmin deliveries) {
    super(webhooks);
    this.webhooks = webhooks;
    this.deliveries = deliveries;
  }

  /// An account webhook without its secret and without the values of its custom headers.
  ///
  /// @param copied whether all copies have the latest change
  /// @param copies the number of copies by their status
  record AccountWebhookJson(
      String id,
      SelectorJson selector,
      @JsonUnwrapped WebhookSettingsJson settings,
      boolean enabled,
      Optional<Instant> previousSecretExpiresAt,
      List<String> decryptionErrors,
      boolean copied,
      CopyCount copies,
      Instant createdAt,
      Instant updatedAt) {
    static AccountWebhookJson of(Webhook webhook, CopyCount copies) {
      return new AccountWebhookJson(
          webhook.id().toString(),
          SelectorJson.of(webhook.selectorOwner().selector()),
          WebhookSettingsJson.of(webhook.settings()),
          webhook.isEnabled(),
          WebhookJson.previousExpiry(webhook.keys()),
          webhook.decryptionErrors(),
          webhook.selectorOwner().isCopied(),
          copies,
          webhook.createdAt(),
          webhook.updatedAt());
    }
  }

  /// @param labels null for all labels
  /// @param stacks patterns of ids; empty for all
  record SelectorJson(Optional<String> labels, List<String> stacks) {
    static SelectorJson of(StackSelector selector) {
      return new SelectorJson(selector.labels().map(LabelExpression::text), selector.ids());
    }
  }

  /// @param stacks the first stacks that match
  record MatchesJson(int count, List<StackId> stacks) {
    static MatchesJson of(StackMatches matches) {
      return new MatchesJson(matches.count(), matches.first());
    }
  }

  public void mount(Routes routes) {
    Router<AccountId> router =
        (method, path, required, action) ->
            routes.account(
                method,
                path,
                required,
                request -> action.apply(request, requireAllStacks(request)));
    mount(router, WEBHOOKS, Role.ADMIN, Role.ADMIN);
    router.add(POST, WEBHOOKS + "/preview", Role.ADMIN, this::preview);
    router.add(POST, WEBHOOKS + "/format-preview", Role.ADMIN, this::previewFormat);
  }

  @Override
  Optional<CreateWebhookRequest> parseNew(JsonObjectReader fields) {
    return WebhookRequestParser.parseNewAccountWebhook(fields);
  }

  @Override
  Optional<UpdateWebhookRequest> parsePatch(JsonObjectReader fields) {
    return WebhookRequestParser.parseAccountWebhookPatch(fields);
  }

  @Override
  WebhookId requireId(ApiRequest request) {
    return id(request);
  }

  @Override
  String pathOf(AccountId account) {
    return WEBHOOKS;
  }

  @Override
  Function<Webhook, Object> json(AccountId account, List<Webhook> found) {
    Map<WebhookId, CopyCount> counts = webhooks.countCopies(account);
    return webhook ->
        AccountWebhookJson.of(webhook, counts.getOrDefault(webhook.id(), CopyCount.none()));
  }

  /// Does not count the copies if a store is unavailable, so that the response does not fail.
  @Override
  Object changed(Webhook webhook) {
    return webhook.selectorOwner().isCopied()
        ? json(webhook.owner().account(), List.of(webhook)).apply(webhook)
        : AccountWebhookJson.of(webhook, CopyCount.none());
  }

  @Override
  ETag etag(Webhook webhook) {
    return ETag.of(List.of(webhook.id(), webhook.selectorOwner().version()));
  }

  @Override
  LoggingEventBuilder describe(LoggingEventBuilder line, AccountId account, WebhookId id) {
    return line.addKeyValue("accountWebhook", id);
  }

  private ApiResponse preview(ApiRequest request, AccountId account) {
    StackSelector selector = request.readBody(WebhookRequestParser::parsePreview);
    return ApiResponse.ok(MatchesJson.of(webhooks.preview(account, selector)));
  }

  private ApiResponse previewFormat(ApiRequest request, AccountId account) {
    PreviewRequest preview = request.readBody(WebhookRequestParser::parseFormatPreview);
    return ApiResponse.ok(
        PreviewJson.of(deliveries.preview(account, preview.settings(), preview.state())));
  }

  /// Returns the account of the caller.
  ///
  /// @throws RefusedException if the token is limited to certain stacks
  public static AccountId requireAllStacks(ApiRequest request) {
    if (!(request.grant().stackScope() instanceof StackScope.All)) {
      throw new RefusedException(new Refusal.AllStacksRequired());
    }
    return request.grant().account();
  }

  public static WebhookId id(ApiRequest request) {
    return request.id("webhook", WebhookId::new, Refusal.NoSuchAccountWebhook::new);
  }
}
