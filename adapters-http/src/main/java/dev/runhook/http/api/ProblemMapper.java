package dev.runhook.http.api;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusalMessages;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import io.javalin.http.Context;
import java.time.Duration;
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
    String message = RefusalMessages.of(refusal);
    return switch (refusal) {
      case Refusal.NotAuthenticated ignored -> Problem.of(401, "not-authenticated", message);
      case Refusal.TokenMalformed ignored -> Problem.of(401, "not-authenticated", message);
      case Refusal.TokenUnknown ignored -> Problem.of(401, "not-authenticated", message);
      case Refusal.SessionExpired ignored -> Problem.of(401, "session-expired", message);
      case Refusal.SignInLinkInvalid ignored -> Problem.of(401, "sign-in-link-invalid", message);
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
      case Refusal.TimeoutTooLong ignored ->
          Problem.of(400, "timeout-too-long", message).withErrorAt("/timeout");
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
      case Refusal.DeliveryInFlight ignored -> Problem.of(409, "delivery-in-flight", message);
      case Refusal.PreconditionFailed ignored -> Problem.of(412, "precondition-failed", message);
      case Refusal.PayloadErased ignored -> Problem.of(409, "payload-erased", message);
      case Refusal.ReplayTooLarge ignored -> Problem.of(422, "replay-too-large", message);
      case Refusal.ReplayLargerThanExpected ignored ->
          Problem.of(409, "replay-larger-than-expected", message);
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
}
