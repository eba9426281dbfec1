package dev.runhook.application;

import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import java.time.Duration;
import java.util.Locale;

/// Why a well-meant request is declined. Carried by [RefusedException]; every edge answers each
/// case.
public sealed interface Refusal {
  record NotAuthenticated() implements Refusal {}

  /// What was given as a token was one before a character was lost or mistyped.
  record TokenMalformed() implements Refusal {}

  /// What was given to sign in opens nothing.
  record TokenUnknown() implements Refusal {}

  record SessionExpired() implements Refusal {}

  /// @param retryAfter when it will be served again, in whole seconds from 1
  record TooManyRequests(Duration retryAfter) implements Refusal {}

  record InsufficientRole(Role needed) implements Refusal {}

  /// Nobody gives away more than they have.
  record ScopeExceeded() implements Refusal {}

  record NoSuchToken(String token) implements Refusal {}

  record NoSuchStack(String stack) implements Refusal {}

  record NoSuchRun(String run) implements Refusal {}

  record NoSuchWebhook(String webhook) implements Refusal {}

  record NoSuchDelivery(String delivery) implements Refusal {}

  /// The run is there, and began otherwise.
  record RunConflict(String run) implements Refusal {}

  record DuplicateEndpoint() implements Refusal {}

  /// @param reason what is wrong with the URL and how to mend it
  record EndpointMalformed(String reason) implements Refusal {}

  /// @param rule the egress rule that forbids calling it
  record EndpointForbidden(String rule) implements Refusal {}

  /// Neither a ping nor a redelivery makes sense while nothing is sent.
  record WebhookDisabled(String reason) implements Refusal {}

  /// The bytes of the event were forgotten on demand.
  record PayloadErased() implements Refusal {}

  /// @param most how many deliveries one replay repeats at the most
  record ReplayTooLarge(int max) implements Refusal {}

  record TooManyWebhooks(int max) implements Refusal {}

  /// The reported version is not above the last one.
  record StaleTransition(long reported, long last, RunState state) implements Refusal {}

  record RunEnded(String run, RunState state) implements Refusal {}

  /// The key of a request was used for another one before, or by another token.
  record IdempotencyKeyReused() implements Refusal {}

  /// The request that has this key is being handled.
  record IdempotencyKeyInUse() implements Refusal {}

  /// The request took effect, but its answer was lost before it could be kept.
  record ResponseLost() implements Refusal {}

  /// The reason as a sentence for whoever asked.
  default String message() {
    return switch (this) {
      case NotAuthenticated() -> "give a valid token as \"Authorization: Bearer <token>\"";
      case TokenMalformed() ->
          "the token is not as it was given out: a character is missing or mistyped; copy it again, whole";
      case TokenUnknown() ->
          "no such token is known here: it is mistyped, revoked, or another server's";
      case SessionExpired() -> "the session is over; sign in again";
      case TooManyRequests(Duration retryAfter) ->
          "too many requests; try again after " + retryAfter.toSeconds() + " s";
      case ScopeExceeded() ->
          "your token is limited to some stacks, and so must be those that it creates: give \"stacks\", and none but your own";
      case NoSuchToken(String token) -> "there is no token \"" + token + "\"";
      case InsufficientRole(Role needed) ->
          "this needs a token with the role " + needed.name().toLowerCase(Locale.ROOT);
      case NoSuchStack(String stack) ->
          "there is no stack \""
              + stack
              + (StackId.isValidSlug(stack)
                  ? "\"; register it with PUT /api/v1/stacks/" + stack
                  : "\", and none can have that id");
      case NoSuchRun(String run) ->
          "there is no run \"" + run + "\" on this stack; start it with POST …/runs";
      case NoSuchWebhook(String webhook) -> "there is no webhook \"" + webhook + "\" on this stack";
      case NoSuchDelivery(String delivery) -> "there is no delivery \"" + delivery + "\"";
      case RunConflict(String run) ->
          "the run \""
              + run
              + "\" is there already and began otherwise; give another id or the same content";
      case DuplicateEndpoint() ->
          "another webhook of this stack has that endpoint; edit that one or give another endpoint";
      case EndpointMalformed(String reason) -> reason;
      case EndpointForbidden(String rule) ->
          "the endpoint may not be called ("
              + rule
              + "); use a public one, or have the operator allow its network by RUNHOOK_ALLOWED_NETWORKS";
      case WebhookDisabled(String reason) ->
          "the webhook is disabled (" + reason + "); enable it first";
      case PayloadErased() ->
          "what was told was forgotten on demand, so it cannot be sent again; report the run anew where it has to be";
      case ReplayTooLarge(int most) ->
          "more than " + most + " deliveries match; narrow \"from\" and \"to\"";
      case TooManyWebhooks(int most) ->
          "a stack has at most " + most + " webhooks; delete one that is not needed";
      case StaleTransition(long reported, long last, RunState state) ->
          "stateVersion "
              + reported
              + " is not above the last one, "
              + last
              + " ("
              + state
              + "); leave it out to have the next one assigned";
      case IdempotencyKeyReused() ->
          "this Idempotency-Key was used before, with another body, token or session; give each request a key of its own";
      case IdempotencyKeyInUse() ->
          "the first request with this Idempotency-Key is still being handled; ask again in a moment";
      case ResponseLost() ->
          "the first request with this Idempotency-Key took effect, but its answer was lost when the server stopped; look at what is there";
      case RunEnded(String run, RunState state) ->
          "the run \"" + run + "\" has ended in " + state + "; nothing follows a terminal state";
    };
  }
}
