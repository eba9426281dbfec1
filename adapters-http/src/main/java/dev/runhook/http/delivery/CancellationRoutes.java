package dev.runhook.http.delivery;

import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.delivery.CancelRequest;
import dev.runhook.application.delivery.Cancellations;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Cancellation;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.webhook.WebhookRoutes;
import java.time.Instant;
import java.util.Optional;

/// Routes that cancel a delivery, and those of a webhook or of the account that match a filter.
public final class CancellationRoutes {
  private static final String CANCELLATIONS = "/cancellations";
  private static final Decoder<String> REASON = Decoder.text(Cancellation.MAX_REASON);

  private final DeliveryAdmin deliveries;

  public CancellationRoutes(DeliveryAdmin deliveries) {
    this.deliveries = deliveries;
  }

  public void mount(Routes routes) {
    routes.account(POST, DeliveryRoutes.DELIVERIES + "{delivery}/cancel", Role.ADMIN, this::cancel);
    routes.account(POST, "/deliveries" + CANCELLATIONS, Role.ADMIN, this::cancelAllOfAccount);
    routes.stack(POST, WebhookRoutes.WEBHOOK + CANCELLATIONS, Role.ADMIN, this::cancelAll);
  }

  private Cancellations cancellations(ApiRequest request) {
    return deliveries.within(request.scope()).cancellations();
  }

  private ApiResponse cancel(ApiRequest request) {
    Grant grant = request.grant();
    String reason =
        request.readOptionalBody(fields -> {
          Optional<String> parsed = fields.optional("reason", REASON);
          return fields.build(() -> parsed.orElse(""));
        });
    return ApiResponse.ok(
        DeliveryJson.of(
            cancellations(request)
                .cancel(
                    grant.account(),
                    grant.stackScope(),
                    DeliveryRoutes.id(request),
                    reason,
                    request.actor())));
  }

  private ApiResponse cancelAll(ApiRequest request, StackId stack) {
    WebhookId webhook = WebhookRoutes.id(request);
    CancelBody body = request.readBody(fields -> parseBody(fields, Optional.empty()));
    int count =
        body.dryRun()
            ? deliveries.cancellations().preview(stack, webhook, body.request())
            : cancellations(request).cancelAll(stack, webhook, body.request(), request.actor());
    return ApiResponse.ok(new CancelJson(body.dryRun(), count));
  }

  private ApiResponse cancelAllOfAccount(ApiRequest request) {
    Grant grant = request.grant();
    CancelBody body =
        request.readBody(fields -> parseBody(fields, findStack(fields, grant.account())));
    StackScope stackScope =
        body.stack().map(grant.stackScope()::restrictedTo).orElse(grant.stackScope());
    int count =
        cancellations(request)
            .cancelAll(grant.account(), stackScope, body.request(), body.dryRun(), request.actor());
    return ApiResponse.ok(new CancelJson(body.dryRun(), count));
  }

  /// @param stack of the webhooks, if the request is about all webhooks of the account
  private record CancelBody(Optional<String> stack, CancelRequest request, boolean dryRun) {}

  /// @param canceled how many deliveries were canceled, or would be
  record CancelJson(boolean dryRun, int canceled) {}

  /// Reads a stack to which a request about the account is limited.
  static Optional<String> findStack(JsonObjectReader fields, AccountId account) {
    return fields.optional("stack", Decoder.STRING.map(slug -> new StackId(account, slug).slug()));
  }

  private static Optional<CancelBody> parseBody(JsonObjectReader fields, Optional<String> stack) {
    Optional<Instant> from = fields.optional("from", Decoder.TIME);
    Optional<Instant> to = fields.optional("to", Decoder.TIME);
    Optional<String> run = fields.optional("run", Decoder.STRING.map(RunId::requireName));
    Optional<RunState> state = fields.optional("state", Decoder.enumOf(RunState.class));
    Optional<String> reason = fields.optional("reason", REASON);
    Optional<Boolean> dryRun = fields.optionalNonNull("dryRun", Decoder.BOOLEAN);
    return fields.build(() ->
        new CancelBody(
            stack,
            new CancelRequest(from, to, run, state, reason.orElse("")),
            dryRun.orElse(false)));
  }
}
