package dev.runhook.http;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.AnswerLost;
import dev.runhook.application.Refusal.EndpointForbidden;
import dev.runhook.application.Refusal.EndpointMalformed;
import dev.runhook.application.Refusal.EndpointTaken;
import dev.runhook.application.Refusal.KeyInUse;
import dev.runhook.application.Refusal.KeyReused;
import dev.runhook.application.Refusal.NoSuchDelivery;
import dev.runhook.application.Refusal.NoSuchRun;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.Refusal.NoSuchWebhook;
import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.Refusal.NotPermitted;
import dev.runhook.application.Refusal.PayloadForgotten;
import dev.runhook.application.Refusal.ReplayTooLarge;
import dev.runhook.application.Refusal.RunDiffers;
import dev.runhook.application.Refusal.RunHasEnded;
import dev.runhook.application.Refusal.SessionIsOver;
import dev.runhook.application.Refusal.StaleTransition;
import dev.runhook.application.Refusal.TokenDamaged;
import dev.runhook.application.Refusal.TokenTooWide;
import dev.runhook.application.Refusal.TokenUnknown;
import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.Refusal.TooManyWebhooks;
import dev.runhook.application.Refusal.WebhookIsDisabled;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.domain.signing.SecretUnreadableException;
import io.javalin.http.Context;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers what went wrong. What is the caller's to mend says how; a bug gives away nothing but an
/// id, under which it is logged.
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
  private static final String RETRY_AFTER_SECONDS = "5";

  Answer answer(Exception failure, Context context) {
    return switch (failure) {
      case RefusedException refused -> answer(refused.refusal());
      case ProblemException known -> Answer.of(known.problem());
      case StoreUnavailableException _ ->
          Answer.of(unavailable()).with("Retry-After", RETRY_AFTER_SECONDS);
      case SecretUnreadableException unreadable -> Answer.of(unreadable(unreadable));
      default -> Answer.of(bug(failure, context));
    };
  }

  /// The same for one thing among others.
  Problem problem(Exception failure, Context context) {
    return switch (failure) {
      case RefusedException refused -> problem(refused.refusal());
      case ProblemException known -> known.problem();
      case StoreUnavailableException _ -> unavailable();
      case SecretUnreadableException unreadable -> unreadable(unreadable);
      default -> bug(failure, context);
    };
  }

  private static Answer answer(Refusal refusal) {
    Answer answer = Answer.of(problem(refusal));
    if (answer.status() == 401) {
      return answer.with("WWW-Authenticate", "Bearer");
    }
    return refusal instanceof TooManyRequests(Duration wait)
        ? answer.with("Retry-After", Long.toString(wait.toSeconds()))
        : answer;
  }

  static Problem problem(Refusal refusal) {
    String detail = refusal.sentence();
    return switch (refusal) {
      case NotAuthenticated() -> Problem.of(401, "not-authenticated", detail);
      case TokenDamaged() -> Problem.of(401, "not-authenticated", detail);
      case TokenUnknown() -> Problem.of(401, "not-authenticated", detail);
      case SessionIsOver() -> Problem.of(401, "session-over", detail);
      case TooManyRequests _ -> Problem.of(429, "too-many-requests", detail);
      case TokenTooWide() -> Problem.of(403, "token-too-wide", detail);
      case NoSuchToken _ -> Problem.of(404, "no-such-token", detail);
      case NotPermitted _ -> Problem.of(403, "not-permitted", detail);
      case NoSuchStack _ -> Problem.of(404, "no-such-stack", detail);
      case NoSuchRun _ -> Problem.of(404, "no-such-run", detail);
      case NoSuchWebhook _ -> Problem.of(404, "no-such-webhook", detail);
      case NoSuchDelivery _ -> Problem.of(404, "no-such-delivery", detail);
      case RunDiffers _ -> Problem.of(409, "run-differs", detail);
      case EndpointTaken() -> Problem.of(409, "endpoint-taken", detail);
      case EndpointMalformed _ -> Problem.of(400, "endpoint-malformed", detail).at("/endpoint");
      case EndpointForbidden _ -> Problem.of(422, "endpoint-forbidden", detail).at("/endpoint");
      case WebhookIsDisabled _ -> Problem.of(409, "webhook-is-disabled", detail);
      case PayloadForgotten() -> Problem.of(409, "payload-forgotten", detail);
      case ReplayTooLarge _ -> Problem.of(422, "replay-too-large", detail);
      case TooManyWebhooks _ -> Problem.of(409, "too-many-webhooks", detail);
      case StaleTransition _ -> Problem.of(409, "stale-transition", detail);
      case KeyReused() -> Problem.of(422, "idempotency-key-reused", detail);
      case KeyInUse() -> Problem.of(409, "idempotency-key-in-use", detail);
      case AnswerLost() -> Problem.of(409, "answer-lost", detail);
      case RunHasEnded _ -> Problem.of(409, "run-has-ended", detail);
    };
  }

  /// Nothing is wrong with the request, nor with this server: what is kept cannot be used as it
  /// stands. The sentence says who mends it, and how.
  private static Problem unreadable(SecretUnreadableException failure) {
    return Problem.of(409, "secret-unreadable", String.valueOf(failure.getMessage()));
  }

  private static Problem unavailable() {
    String detail =
        "the store cannot be reached now; try again in a moment (what was to be changed may be changed or not)";
    return Problem.of(503, "store-unavailable", detail);
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
        500,
        "internal-error",
        "something is wrong on our side; the log tells more under the id " + id);
  }
}
