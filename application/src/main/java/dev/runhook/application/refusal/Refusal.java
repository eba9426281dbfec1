package dev.runhook.application.refusal;

import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.RunState;
import java.time.Duration;

/// Why a valid request is refused. [RefusedException] carries it, and [RefusalMessages] words it
/// for users.
public sealed interface Refusal {
  record NotAuthenticated() implements Refusal {}

  /// The token has a missing or mistyped character.
  record TokenMalformed() implements Refusal {}

  /// The token that was used to sign in is not valid.
  record TokenUnknown() implements Refusal {}

  record SessionExpired() implements Refusal {}

  /// The code of a sign-in link is unknown, was used, or has expired, or its token is not valid.
  record SignInLinkInvalid() implements Refusal {}

  /// @param retryAfter when the next request is admitted, in whole seconds, at least 1
  record TooManyRequests(Duration retryAfter) implements Refusal {}

  record InsufficientRole(Role needed) implements Refusal {}

  /// The new token would have a wider scope than its creator's token.
  record ScopeExceeded() implements Refusal {}

  record NoSuchToken(String token) implements Refusal {}

  record NoSuchSession(String session) implements Refusal {}

  record NoSuchReplay(String replay) implements Refusal {}

  /// The new token would have expired already.
  record ExpiryInPast() implements Refusal {}

  record NoSuchStack(String stack) implements Refusal {}

  record NoSuchRun(String run) implements Refusal {}

  record NoSuchWebhook(String webhook) implements Refusal {}

  record NoSuchAccountWebhook(String webhook) implements Refusal {}

  /// A copy of an account webhook changes only with the account webhook.
  record WebhookIsCopy(String accountWebhook) implements Refusal {}

  /// The request concerns all stacks of the account, but the token is limited to some.
  record AllStacksRequired() implements Refusal {}

  record NoSuchDelivery(String delivery) implements Refusal {}

  /// The run exists with different content.
  record RunConflict(String run) implements Refusal {}

  record DuplicateEndpoint() implements Refusal {}

  /// A custom header has no stored value to keep.
  record NoSuchHeader(String name) implements Refusal {}

  /// The template of a webhook cannot render events, or its format needs another one.
  ///
  /// @param reason what is wrong, for users
  record InvalidTemplate(String reason) implements Refusal {}

  /// @param max the maximum timeout of a webhook
  record TimeoutTooLong(Duration max) implements Refusal {}

  /// A webhook with the format PagerDuty has a secret that is not an integration key.
  record RoutingKeyRequired() implements Refusal {}

  /// @param reason what is wrong with the URL and how to fix it
  record EndpointMalformed(String reason) implements Refusal {}

  /// @param rule the egress rule that forbids calling the endpoint
  record EndpointForbidden(String rule) implements Refusal {}

  /// A ping or a redelivery is not possible while the webhook is disabled.
  record WebhookDisabled(String reason) implements Refusal {}

  /// A retry is not possible while the webhook is paused.
  record WebhookPaused() implements Refusal {}

  /// A delivery that is still open is not delivered once more.
  record DeliveryPending(String delivery) implements Refusal {}

  /// A delivery that has ended is not retried.
  record DeliveryFinished(String delivery) implements Refusal {}

  /// A delivery is not canceled while an attempt is in flight.
  record DeliveryInFlight(String delivery) implements Refusal {}

  /// The payload of the event was erased on request.
  record PayloadErased() implements Refusal {}

  /// @param max the maximum number of deliveries of a replay
  record ReplayTooLarge(int max) implements Refusal {}

  /// More deliveries match than the caller has seen in a preview.
  ///
  /// @param toCreate how many deliveries the replay would create
  record ReplayLargerThanExpected(int expected, int toCreate) implements Refusal {}

  record TooManyWebhooks(int max) implements Refusal {}

  /// @param resources what the account has too many of, such as "stacks"
  record AccountQuotaExceeded(String resources, int max) implements Refusal {}

  /// The reported version is not greater than the latest one.
  record StaleTransition(long reported, long last, RunState state) implements Refusal {}

  record RunEnded(String run, RunState state) implements Refusal {}

  /// The resource has changed since the caller read it.
  record PreconditionFailed() implements Refusal {}

  /// The idempotency key was used for another request, or by another token.
  record IdempotencyKeyReused() implements Refusal {}

  /// The first request with this idempotency key is still in progress.
  record IdempotencyKeyInUse() implements Refusal {}

  /// The request took effect, but its response was lost before it was stored.
  record ResponseLost() implements Refusal {}
}
