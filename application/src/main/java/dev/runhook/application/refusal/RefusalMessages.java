package dev.runhook.application.refusal;

import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Durations;
import java.time.Duration;
import java.util.Locale;

/// The catalog of the messages of refusals: what is wrong and how to fix it, in the terms of the
/// HTTP API.
public final class RefusalMessages {
  private RefusalMessages() {}

  public static String of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.NotAuthenticated() -> "send a valid token as \"Authorization: Bearer <token>\"";
      case Refusal.TokenMalformed() ->
          "the token has a missing or mistyped character; copy the complete token again";
      case Refusal.TokenUnknown() ->
          "this server does not know the token; it is mistyped, revoked, or from another server";
      case Refusal.SessionExpired() -> "the session has expired; sign in again";
      case Refusal.SignInLinkInvalid() ->
          "the sign-in link is not valid: it was used already, has expired, or was withdrawn; ask for"
              + " a new one";
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
      case Refusal.TimeoutTooLong(Duration max) ->
          "a timeout is at most %s on this server; use a shorter one, or ask the server's operator"
              .formatted(Durations.format(max));
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
      case Refusal.DeliveryInFlight(String delivery) ->
          "the delivery \"" + delivery + "\" is being sent; try again when the attempt has ended";
      case Refusal.PreconditionFailed() ->
          "this has changed since you read it; read it again and repeat your change";
      case Refusal.PayloadErased() ->
          "the payload was erased on request and cannot be redelivered; report the run again if"
              + " needed";
      case Refusal.ReplayTooLarge(int max) ->
          "more than " + max + " deliveries match; narrow \"from\" and \"to\"";
      case Refusal.ReplayLargerThanExpected(int expected, int toCreate) ->
          "the replay would now create %d deliveries, more than the expected %d; preview it again"
              .formatted(toCreate, expected);
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
