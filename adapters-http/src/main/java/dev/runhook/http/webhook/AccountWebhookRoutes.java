package dev.runhook.http.webhook;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PATCH;
import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.query.CopyCount;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.AccountWebhookAdmin.Summary;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.StackMatches;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.filter.LabelExpression;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.AccountWebhook;
import dev.runhook.domain.webhook.AccountWebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.ETag;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.webhook.WebhookJson.HeadersJson;
import dev.runhook.http.webhook.WebhookJson.SecretJson;
import dev.runhook.http.webhook.WebhookRequestParser.AccountWebhookPatch;
import dev.runhook.http.webhook.WebhookRequestParser.NewAccountWebhook;
import dev.runhook.http.webhook.WebhookRequestParser.PreviewRequest;
import dev.runhook.http.webhook.WebhookRoutes.PreviewJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Routes for the webhooks of an account at `/account-webhooks`. They need a token for all stacks,
/// because each stack may have a copy.
public final class AccountWebhookRoutes {
  private static final String WEBHOOKS = "/account-webhooks";
  public static final String WEBHOOK = WEBHOOKS + "/{webhook}";

  private final AccountWebhookAdmin webhooks;
  private final DeliveryAdmin deliveries;

  public AccountWebhookRoutes(AccountWebhookAdmin webhooks, DeliveryAdmin deliveries) {
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
      CopiesJson copies,
      Instant createdAt,
      Instant updatedAt) {
    static AccountWebhookJson of(Summary summary) {
      AccountWebhook webhook = summary.webhook();
      return new AccountWebhookJson(
          webhook.id().toString(),
          SelectorJson.of(webhook.selector()),
          WebhookSettingsJson.of(webhook.settings()),
          webhook.isEnabled(),
          WebhookJson.previousExpiry(webhook.keys()),
          webhook.decryptionErrors(),
          webhook.isCopied(),
          new CopiesJson(
              summary.copies().active(), summary.copies().paused(), summary.copies().disabled()),
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

  record CopiesJson(int active, int paused, int disabled) {}

  /// @param stacks the first stacks that match
  record MatchesJson(int count, List<StackId> stacks) {
    static MatchesJson of(StackMatches matches) {
      return new MatchesJson(matches.count(), matches.first());
    }
  }

  /// A new account webhook, or one with a new secret.
  record AccountWebhookWithSecretJson(
      @JsonUnwrapped AccountWebhookJson webhook,
      String secret,
      String standardSecret,
      List<String> warnings) {
    static AccountWebhookWithSecretJson of(Summary summary) {
      SigningSecret secret = summary.webhook().keys().current();
      return new AccountWebhookWithSecretJson(
          AccountWebhookJson.of(summary),
          secret.reveal(),
          secret.standardForm(),
          secret.warnings());
    }
  }

  /// @param warnings what is unsafe about the secret in the request
  record UpdatedAccountWebhookJson(
      @JsonUnwrapped AccountWebhookJson webhook, List<String> warnings) {}

  public void mount(Routes routes) {
    routes.account(POST, WEBHOOKS, Role.ADMIN, this::create);
    routes.account(GET, WEBHOOKS, Role.ADMIN, this::list);
    routes.account(POST, WEBHOOKS + "/preview", Role.ADMIN, this::preview);
    routes.account(POST, WEBHOOKS + "/format-preview", Role.ADMIN, this::previewFormat);
    routes.account(GET, WEBHOOK, Role.ADMIN, this::find);
    routes.account(PATCH, WEBHOOK, Role.ADMIN, this::update);
    routes.account(DELETE, WEBHOOK, Role.ADMIN, this::delete);
    routes.account(GET, WEBHOOK + "/secret", Role.ADMIN, this::secret);
    routes.account(GET, WEBHOOK + "/headers", Role.ADMIN, this::headers);
    routes.account(POST, WEBHOOK + "/secret", Role.ADMIN, this::rotateSecret);
    routes.account(DELETE, WEBHOOK + "/previous-secret", Role.ADMIN, this::revokePreviousSecret);
  }

  private ApiResponse create(ApiRequest request) {
    AccountId account = requireAllStacks(request);
    NewAccountWebhook body = request.readBody(WebhookRequestParser::parseNewAccountWebhook);
    AccountWebhook created =
        webhooks
            .within(request.scope())
            .create(account, body.selector(), body.webhook(), request.actor());
    Summary summary = summary(created);
    return ApiResponse.of(201, AccountWebhookWithSecretJson.of(summary))
        .withETag(etag(summary.webhook()))
        .withLocation(WEBHOOKS + "/" + created.id());
  }

  private ApiResponse list(ApiRequest request) {
    AccountId account = requireAllStacks(request);
    return Pagination.respond(
        request.query(), page -> webhooks.list(account, page), AccountWebhookJson::of);
  }

  private ApiResponse preview(ApiRequest request) {
    AccountId account = requireAllStacks(request);
    StackSelector selector = request.readBody(WebhookRequestParser::parsePreview);
    return ApiResponse.ok(MatchesJson.of(webhooks.preview(account, selector)));
  }

  private ApiResponse previewFormat(ApiRequest request) {
    AccountId account = requireAllStacks(request);
    PreviewRequest preview = request.readBody(WebhookRequestParser::parseFormatPreview);
    return ApiResponse.ok(
        PreviewJson.of(deliveries.preview(account, preview.settings(), preview.state())));
  }

  private ApiResponse find(ApiRequest request) {
    Summary summary = webhooks.get(requireAllStacks(request), id(request));
    return ApiResponse.ok(AccountWebhookJson.of(summary)).withETag(etag(summary.webhook()));
  }

  private ApiResponse update(ApiRequest request) {
    AccountId account = requireAllStacks(request);
    AccountWebhookPatch body = request.readBody(WebhookRequestParser::parseAccountWebhookPatch);
    AccountWebhook updated =
        webhooks.update(
            account,
            id(request),
            expected(request),
            body.selector(),
            body.webhook(),
            request.actor());
    Summary summary = summary(updated);
    List<String> warnings = body.webhook().secret().map(SigningSecret::warnings).orElse(List.of());
    return ApiResponse.ok(new UpdatedAccountWebhookJson(AccountWebhookJson.of(summary), warnings))
        .withETag(etag(summary.webhook()));
  }

  private ApiResponse delete(ApiRequest request) {
    webhooks.delete(requireAllStacks(request), id(request), expected(request), request.actor());
    return ApiResponse.noContent();
  }

  private ApiResponse secret(ApiRequest request) {
    AccountWebhookId id = id(request);
    SecretJson secret =
        SecretJson.of(webhooks.readSecret(requireAllStacks(request), id, request.actor()));
    WebhookRoutes.secretLog(request).addKeyValue("accountWebhook", id).log("secret read");
    return ApiResponse.ok(secret);
  }

  private ApiResponse headers(ApiRequest request) {
    AccountWebhookId id = id(request);
    HeadersJson headers =
        HeadersJson.of(webhooks.readHeaders(requireAllStacks(request), id, request.actor()));
    WebhookRoutes.secretLog(request).addKeyValue("accountWebhook", id).log("headers read");
    return ApiResponse.ok(headers);
  }

  private ApiResponse rotateSecret(ApiRequest request) {
    AccountId account = requireAllStacks(request);
    RotateSecretRequest rotation = request.readOptionalBody(WebhookRequestParser::parseRotation);
    AccountWebhook rotated =
        webhooks
            .within(request.scope())
            .rotateSecret(account, id(request), rotation, request.actor());
    Summary summary = summary(rotated);
    return ApiResponse.ok(AccountWebhookWithSecretJson.of(summary))
        .withETag(etag(summary.webhook()));
  }

  private ApiResponse revokePreviousSecret(ApiRequest request) {
    webhooks.revokePreviousSecret(requireAllStacks(request), id(request), request.actor());
    return ApiResponse.noContent();
  }

  /// Does not count the copies if a store is unavailable, so that the response does not fail.
  private Summary summary(AccountWebhook changed) {
    return changed.isCopied()
        ? webhooks.get(changed.account(), changed.id())
        : new Summary(changed, CopyCount.none());
  }

  private static ETag etag(AccountWebhook webhook) {
    return ETag.of(List.of(webhook.id(), webhook.versions().current()));
  }

  private static Predicate<AccountWebhook> expected(ApiRequest request) {
    return webhook -> request.allowsChangeOf(etag(webhook));
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

  public static AccountWebhookId id(ApiRequest request) {
    return request.id("webhook", AccountWebhookId::new, Refusal.NoSuchAccountWebhook::new);
  }
}
