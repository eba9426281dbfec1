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
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import java.time.Duration;
import java.util.Locale;

/// The messages of refused requests, in the terms of the HTTP API.
final class RefusalMessages {
  private RefusalMessages() {}

  /// Returns what is wrong and how to fix it.
  static String of(Refusal refusal) {
    return switch (refusal) {
      case NotAuthenticated() -> "send a valid token as \"Authorization: Bearer <token>\"";
      case TokenMalformed() ->
          "the token has a missing or mistyped character; copy the complete token again";
      case TokenUnknown() ->
          "this server does not know the token; it is mistyped, revoked, or from another server";
      case SessionExpired() -> "the session has expired; sign in again";
      case TooManyRequests(Duration retryAfter) ->
          "too many requests; try again after " + retryAfter.toSeconds() + " s";
      case ScopeExceeded() ->
          "your token is limited to certain stacks; set \"stacks\" to a subset of them";
      case NoSuchToken(String token) -> "there is no token \"" + token + "\"";
      case InsufficientRole(Role needed) ->
          "this request needs a token with the role " + needed.name().toLowerCase(Locale.ROOT);
      case NoSuchStack(String stack) ->
          StackId.isValidSlug(stack)
              ? "there is no stack \"" + stack + "\"; create it with PUT /api/v1/stacks/" + stack
              : "\"" + stack + "\" is not a valid stack id";
      case NoSuchRun(String run) ->
          "there is no run \"" + run + "\" on this stack; create it with POST …/runs";
      case NoSuchWebhook(String webhook) -> "there is no webhook \"" + webhook + "\" on this stack";
      case NoSuchDelivery(String delivery) -> "there is no delivery \"" + delivery + "\"";
      case RunConflict(String run) ->
          "the run \""
              + run
              + "\" already exists with other content; use another id or send the same content";
      case DuplicateEndpoint() ->
          "another webhook of this stack already has this endpoint; update that webhook or use"
              + " another endpoint";
      case EndpointMalformed(String reason) -> reason;
      case EndpointForbidden(String rule) ->
          "the endpoint may not be called ("
              + rule
              + "); use a public endpoint, or ask the server's operator to allow its network";
      case WebhookDisabled(String reason) ->
          "the webhook is disabled (" + reason + "); enable it first";
      case PayloadErased() ->
          "the payload was erased on request and cannot be redelivered; report the run again if"
              + " needed";
      case ReplayTooLarge(int max) ->
          "more than " + max + " deliveries match; narrow \"from\" and \"to\"";
      case TooManyWebhooks(int max) ->
          "a stack can have at most " + max + " webhooks; delete one that is not needed";
      case StaleTransition(long reported, long last, RunState state) ->
          "stateVersion "
              + reported
              + " is not above the last one, "
              + last
              + " ("
              + state
              + "); omit it to have the next one assigned";
      case IdempotencyKeyReused() ->
          "this Idempotency-Key was already used with another body, token or session; use a new key"
              + " for each request";
      case IdempotencyKeyInUse() ->
          "the first request with this Idempotency-Key is still in progress; try again in a moment";
      case ResponseLost() ->
          "the first request with this Idempotency-Key took effect, but its response was lost when"
              + " the server stopped; check the current state";
      case RunEnded(String run, RunState state) ->
          "the run \"" + run + "\" has ended in " + state + "; a terminal state is final";
    };
  }
}
