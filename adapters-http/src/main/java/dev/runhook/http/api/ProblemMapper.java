package dev.runhook.http.api;

import dev.runhook.application.Refusal;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Maps exceptions to problem responses. A refusal says how to fix the request. A bug reveals only
/// the request id under which it is logged.
public final class ProblemMapper {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);
  private static final String RETRY_AFTER_SECONDS = "5";

  private ProblemMapper() {}

  static ApiResponse toResponse(Exception failure, Context context) {
    ApiResponse response = ApiResponse.of(toProblem(failure, context));
    return switch (failure) {
      case RefusedException refused -> withHeaders(response, refused.refusal());
      case StoreUnavailableException ignored ->
          response.withHeader("Retry-After", RETRY_AFTER_SECONDS);
      case ProblemException overloaded when overloaded.problem().status() == 503 ->
          response.withHeader("Retry-After", "1");
      default -> response;
    };
  }

  private static ApiResponse withHeaders(ApiResponse response, Refusal refusal) {
    if (response.status() == 401) {
      return response.withHeader("WWW-Authenticate", "Bearer");
    }
    return refusal instanceof Refusal.TooManyRequests(Duration wait)
        ? response
            .withHeader("Retry-After", Long.toString(wait.toSeconds()))
            .withHeader("RateLimit", "\"requests\";r=0;t=" + wait.toSeconds())
        : response;
  }

  /// Maps the failure of a request or of one item of a batch.
  static Problem toProblem(Exception failure, Context context) {
    return switch (failure) {
      case RefusedException refused -> toProblem(refused.refusal());
      case ProblemException invalid -> invalid.problem();
      case StoreUnavailableException ignored ->
          Problem.of(
              503,
              "store-unavailable",
              "the database is unreachable; try again soon (a change may or may not have been"
                  + " saved)");
      // the request is valid, but the stored secret cannot be used; the message says how to fix it
      case SecretDecryptionException failed ->
          Problem.of(409, "decryption-failed", String.valueOf(failed.getMessage()));
      default -> bug(failure, context);
    };
  }

  public static Problem toProblem(Refusal refusal) {
    String message = message(refusal);
    return switch (refusal) {
      case Refusal.NotAuthenticated ignored -> Problem.of(401, "not-authenticated", message);
      case Refusal.TokenMalformed ignored -> Problem.of(401, "not-authenticated", message);
      case Refusal.TokenUnknown ignored -> Problem.of(401, "not-authenticated", message);
      case Refusal.SessionExpired ignored -> Problem.of(401, "session-expired", message);
      case Refusal.TooManyRequests ignored -> Problem.of(429, "too-many-requests", message);
      case Refusal.ScopeExceeded ignored -> Problem.of(403, "scope-exceeded", message);
      case Refusal.NoSuchToken ignored -> Problem.of(404, "no-such-token", message);
      case Refusal.InsufficientRole ignored -> Problem.of(403, "not-permitted", message);
      case Refusal.NoSuchStack ignored -> Problem.of(404, "no-such-stack", message);
      case Refusal.NoSuchRun ignored -> Problem.of(404, "no-such-run", message);
      case Refusal.NoSuchWebhook ignored -> Problem.of(404, "no-such-webhook", message);
      case Refusal.NoSuchAccountWebhook ignored ->
          Problem.of(404, "no-such-account-webhook", message);
      case Refusal.WebhookIsCopy ignored -> Problem.of(409, "webhook-is-copy", message);
      case Refusal.AllStacksRequired ignored -> Problem.of(403, "all-stacks-required", message);
      case Refusal.NoSuchDelivery ignored -> Problem.of(404, "no-such-delivery", message);
      case Refusal.RunConflict ignored -> Problem.of(409, "run-conflict", message);
      case Refusal.DuplicateEndpoint ignored -> Problem.of(409, "endpoint-taken", message);
      case Refusal.NoSuchSession ignored -> Problem.of(404, "no-such-session", message);
      case Refusal.NoSuchReplay ignored -> Problem.of(404, "no-such-replay", message);
      case Refusal.ExpiryInPast ignored ->
          Problem.of(400, "expiry-in-past", message).withErrorAt("/expiresAt");
      case Refusal.NoSuchHeader ignored ->
          Problem.of(400, "no-such-header", message).withErrorAt("/headers");
      case Refusal.InvalidTemplate ignored ->
          Problem.of(400, "invalid-template", message).withErrorAt("/template");
      case Refusal.RoutingKeyRequired ignored ->
          Problem.of(400, "routing-key-required", message).withErrorAt("/secret");
      case Refusal.EndpointMalformed ignored ->
          Problem.of(400, "endpoint-malformed", message).withErrorAt("/endpoint");
      case Refusal.EndpointForbidden ignored ->
          Problem.of(422, "endpoint-forbidden", message).withErrorAt("/endpoint");
      case Refusal.WebhookDisabled ignored -> Problem.of(409, "webhook-disabled", message);
      case Refusal.WebhookPaused ignored -> Problem.of(409, "webhook-paused", message);
      case Refusal.DeliveryPending ignored -> Problem.of(409, "delivery-pending", message);
      case Refusal.DeliveryFinished ignored -> Problem.of(409, "delivery-finished", message);
      case Refusal.PreconditionFailed ignored -> Problem.of(412, "precondition-failed", message);
      case Refusal.PayloadErased ignored -> Problem.of(409, "payload-erased", message);
      case Refusal.ReplayTooLarge ignored -> Problem.of(422, "replay-too-large", message);
      case Refusal.TooManyWebhooks ignored -> Problem.of(409, "too-many-webhooks", message);
      case Refusal.AccountQuotaExceeded ignored -> Problem.of(409, "quota-exceeded", message);
      case Refusal.StaleTransition ignored -> Problem.of(409, "stale-transition", message);
      case Refusal.IdempotencyKeyReused ignored ->
          Problem.of(422, "idempotency-key-reused", message);
      case Refusal.IdempotencyKeyInUse ignored ->
          Problem.of(409, "idempotency-key-in-use", message);
      case Refusal.ResponseLost ignored -> Problem.of(409, "response-lost", message);
      case Refusal.RunEnded ignored -> Problem.of(409, "run-ended", message);
    };
  }

  private static Problem bug(Exception failure, Context context) {
    String id = RequestId.of(context);
    LOG.atError()
        .setCause(failure)
        .addKeyValue("id", id)
        .addKeyValue("method", context.method().name())
        .addKeyValue("route", context.endpoint().path)
        .log("request failed");
    return Problem.of(
        500, "internal-error", "internal error; see the server log for request id " + id);
  }

  /// Returns what is wrong and how to fix it, in the terms of the HTTP API.
  private static String message(Refusal refusal) {
    return switch (refusal) {
      case Refusal.NotAuthenticated() -> "send a valid token as \"Authorization: Bearer <token>\"";
      case Refusal.TokenMalformed() ->
          "the token has a missing or mistyped character; copy the complete token again";
      case Refusal.TokenUnknown() ->
          "this server does not know the token; it is mistyped, revoked, or from another server";
      case Refusal.SessionExpired() -> "the session has expired; sign in again";
      case Refusal.TooManyRequests(Duration retryAfter) ->
          "too many requests; try again after " + retryAfter.toSeconds() + " s";
      case Refusal.ScopeExceeded() ->
          "your token is limited to certain stacks; set \"stacks\" to a subset of them";
      case Refusal.NoSuchSession(String session) -> "there is no session \"" + session + "\"";
      case Refusal.NoSuchReplay(String replay) ->
          "the webhook has no replay \"" + replay + "\", or retention has removed it";
      case Refusal.ExpiryInPast() -> "expiresAt is in the past; choose a later time";
      case Refusal.NoSuchToken(String token) -> "there is no token \"" + token + "\"";
      case Refusal.InsufficientRole(Role needed) ->
          "this request needs a token with the role " + needed.name().toLowerCase(Locale.ROOT);
      case Refusal.NoSuchStack(String stack) ->
          StackId.isValidSlug(stack)
              ? "there is no stack \"" + stack + "\"; create it with PUT /api/v1/stacks/" + stack
              : "\"" + stack + "\" is not a valid stack id";
      case Refusal.NoSuchRun(String run) ->
          "there is no run \"" + run + "\" on this stack; create it with POST …/runs";
      case Refusal.NoSuchWebhook(String webhook) -> "no webhook \"" + webhook + "\" was found";
      case Refusal.NoSuchAccountWebhook(String webhook) ->
          "there is no account webhook \"" + webhook + "\"";
      case Refusal.WebhookIsCopy(String accountWebhook) ->
          "the webhook is a copy of the account webhook %s, which has the settings and the secret"
              .formatted(accountWebhook);
      case Refusal.AllStacksRequired() ->
          "this request concerns all stacks, but your token is limited to some; use another token";
      case Refusal.NoSuchDelivery(String delivery) -> "there is no delivery \"" + delivery + "\"";
      case Refusal.RunConflict(String run) ->
          "the run \"%s\" already exists with other content; use another id or send the same content"
              .formatted(run);
      case Refusal.DuplicateEndpoint() ->
          "another webhook of this stack already has this endpoint; update that webhook or use"
              + " another endpoint";
      case Refusal.NoSuchHeader(String name) ->
          "the header \"" + name + "\" has no stored value to keep; send a value instead of null";
      case Refusal.InvalidTemplate(String reason) -> reason;
      case Refusal.RoutingKeyRequired() ->
          "the secret of a webhook with the format pagerduty is the integration key of a PagerDuty"
              + " service, which has 32 letters and digits";
      case Refusal.EndpointMalformed(String reason) -> reason;
      case Refusal.EndpointForbidden(String rule) ->
          ("the endpoint may not be called (%s); use another endpoint, or ask the server's"
                  + " operator to allow it")
              .formatted(rule);
      case Refusal.WebhookDisabled(String reason) ->
          "the webhook is disabled (" + reason + "); enable it first";
      case Refusal.WebhookPaused() -> "the webhook is paused; resume it first";
      case Refusal.DeliveryPending(String delivery) ->
          "the delivery \"" + delivery + "\" is still pending; retry it instead";
      case Refusal.DeliveryFinished(String delivery) ->
          "the delivery \"" + delivery + "\" has ended; redeliver it instead";
      case Refusal.PreconditionFailed() ->
          "this has changed since you read it; read it again and repeat your change";
      case Refusal.PayloadErased() ->
          "the payload was erased on request and cannot be redelivered; report the run again if"
              + " needed";
      case Refusal.ReplayTooLarge(int max) ->
          "more than " + max + " deliveries match; narrow \"from\" and \"to\"";
      case Refusal.TooManyWebhooks(int max) ->
          "a stack can have at most " + max + " webhooks; delete one that is not needed";
      case Refusal.AccountQuotaExceeded(String resources, int max) ->
          "an account can have at most %d %s; delete what is not needed, or ask the server's operator"
              .formatted(max, resources);
      case Refusal.StaleTransition(long reported, long last, RunState state) ->
          "stateVersion %s is not above the latest one, %s (%s); omit it to have the next one assigned"
              .formatted(reported, last, state);
      case Refusal.IdempotencyKeyReused() ->
          "this Idempotency-Key was already used with another body, token or session; use a new key"
              + " for each request";
      case Refusal.IdempotencyKeyInUse() ->
          "the first request with this Idempotency-Key is still in progress; try again in a moment";
      case Refusal.ResponseLost() ->
          "the first request with this Idempotency-Key took effect, but its response was lost when"
              + " the server stopped; check the current state";
      case Refusal.RunEnded(String run, RunState state) ->
          "the run \"" + run + "\" has ended in " + state + "; a terminal state is final";
    };
  }
}
