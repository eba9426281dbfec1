package dev.runhook.http.api;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.DuplicateEndpoint;
import dev.runhook.application.Refusal.EndpointForbidden;
import dev.runhook.application.Refusal.EndpointMalformed;
import dev.runhook.application.Refusal.IdempotencyKeyInUse;
import dev.runhook.application.Refusal.IdempotencyKeyReused;
import dev.runhook.application.Refusal.InsufficientRole;
import dev.runhook.application.Refusal.NoSuchDelivery;
import dev.runhook.application.Refusal.NoSuchRun;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.Refusal.NoSuchWebhook;
import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.Refusal.PayloadErased;
import dev.runhook.application.Refusal.ReplayTooLarge;
import dev.runhook.application.Refusal.ResponseLost;
import dev.runhook.application.Refusal.RunConflict;
import dev.runhook.application.Refusal.RunEnded;
import dev.runhook.application.Refusal.ScopeExceeded;
import dev.runhook.application.Refusal.SessionExpired;
import dev.runhook.application.Refusal.StaleTransition;
import dev.runhook.application.Refusal.TokenMalformed;
import dev.runhook.application.Refusal.TokenUnknown;
import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.Refusal.TooManyWebhooks;
import dev.runhook.application.Refusal.WebhookDisabled;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StoreUnavailableException;
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

  ApiResponse toResponse(Exception failure, Context context) {
    return switch (failure) {
      case RefusedException refused -> toResponse(refused.refusal());
      case ProblemException invalid -> ApiResponse.of(invalid.problem());
      case StoreUnavailableException _ ->
          ApiResponse.of(unavailable()).withHeader("Retry-After", RETRY_AFTER_SECONDS);
      case SecretDecryptionException failed -> ApiResponse.of(decryptionFailed(failed));
      default -> ApiResponse.of(bug(failure, context));
    };
  }

  /// Maps the failure of one item of a batch.
  Problem toProblem(Exception failure, Context context) {
    return switch (failure) {
      case RefusedException refused -> toProblem(refused.refusal());
      case ProblemException invalid -> invalid.problem();
      case StoreUnavailableException _ -> unavailable();
      case SecretDecryptionException failed -> decryptionFailed(failed);
      default -> bug(failure, context);
    };
  }

  private static ApiResponse toResponse(Refusal refusal) {
    ApiResponse response = ApiResponse.of(toProblem(refusal));
    if (response.status() == 401) {
      return response.withHeader("WWW-Authenticate", "Bearer");
    }
    return refusal instanceof TooManyRequests(Duration wait)
        ? response.withHeader("Retry-After", Long.toString(wait.toSeconds()))
        : response;
  }

  public static Problem toProblem(Refusal refusal) {
    String detail = RefusalMessages.of(refusal);
    return switch (refusal) {
      case NotAuthenticated() -> Problem.of(401, "not-authenticated", detail);
      case TokenMalformed() -> Problem.of(401, "not-authenticated", detail);
      case TokenUnknown() -> Problem.of(401, "not-authenticated", detail);
      case SessionExpired() -> Problem.of(401, "session-expired", detail);
      case TooManyRequests _ -> Problem.of(429, "too-many-requests", detail);
      case ScopeExceeded() -> Problem.of(403, "scope-exceeded", detail);
      case NoSuchToken _ -> Problem.of(404, "no-such-token", detail);
      case InsufficientRole _ -> Problem.of(403, "not-permitted", detail);
      case NoSuchStack _ -> Problem.of(404, "no-such-stack", detail);
      case NoSuchRun _ -> Problem.of(404, "no-such-run", detail);
      case NoSuchWebhook _ -> Problem.of(404, "no-such-webhook", detail);
      case NoSuchDelivery _ -> Problem.of(404, "no-such-delivery", detail);
      case RunConflict _ -> Problem.of(409, "run-conflict", detail);
      case DuplicateEndpoint() -> Problem.of(409, "endpoint-taken", detail);
      case EndpointMalformed _ ->
          Problem.of(400, "endpoint-malformed", detail).withErrorAt("/endpoint");
      case EndpointForbidden _ ->
          Problem.of(422, "endpoint-forbidden", detail).withErrorAt("/endpoint");
      case WebhookDisabled _ -> Problem.of(409, "webhook-disabled", detail);
      case PayloadErased() -> Problem.of(409, "payload-erased", detail);
      case ReplayTooLarge _ -> Problem.of(422, "replay-too-large", detail);
      case TooManyWebhooks _ -> Problem.of(409, "too-many-webhooks", detail);
      case StaleTransition _ -> Problem.of(409, "stale-transition", detail);
      case IdempotencyKeyReused() -> Problem.of(422, "idempotency-key-reused", detail);
      case IdempotencyKeyInUse() -> Problem.of(409, "idempotency-key-in-use", detail);
      case ResponseLost() -> Problem.of(409, "response-lost", detail);
      case RunEnded _ -> Problem.of(409, "run-ended", detail);
    };
  }

  /// The request is valid, but the stored secret cannot be used. The message says how to fix it.
  private static Problem decryptionFailed(SecretDecryptionException failure) {
    return Problem.of(409, "decryption-failed", String.valueOf(failure.getMessage()));
  }

  private static Problem unavailable() {
    return Problem.of(
        503,
        "store-unavailable",
        "the database is unreachable; try again soon (a change may or may not have been saved)");
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
