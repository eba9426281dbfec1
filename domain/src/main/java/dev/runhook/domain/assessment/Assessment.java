package dev.runhook.domain.assessment;

import dev.runhook.domain.webhook.Failures;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How well a webhook works, for people. It depends on what happens to the deliveries, and not only
/// on the settings.
///
/// @param since when that began; absent if it is not known
/// @param detail a text for users: the last error, or the name of the user who disabled the
///   webhook; absent if the cause says everything
public record Assessment(
    Verdict verdict, Cause cause, Optional<Instant> since, Optional<String> detail) {
  /// A webhook of which a larger share of recent first attempts failed is degraded.
  private static final double MAX_ERROR_RATE = 0.1;

  /// A webhook that worked before has this time to recover before it is failing, and a delivery has
  /// this time to arrive.
  private static final Duration RECOVERY = Duration.ofMinutes(1);

  public enum Verdict {
    /// The deliveries arrive.
    HEALTHY,
    /// Some deliveries arrive late or not at all.
    DEGRADED,
    /// No deliveries arrive.
    FAILING,
    /// The deliveries wait until a probe succeeds.
    PAUSED,
    DISABLED,
    /// Nothing has been sent.
    IDLE
  }

  public enum Cause {
    DELIVERED,
    NOTHING_SENT,
    /// The secrets or the headers cannot be decrypted.
    UNDECRYPTABLE,
    /// The last attempts failed.
    ATTEMPTS_FAIL,
    /// Open deliveries have failed at least twice, although others arrive.
    RETRIES_FAIL,
    /// An open delivery is older than [#RECOVERY], although the attempts succeed.
    DELIVERIES_WAIT,
    /// Recent deliveries have failed permanently and were not sent again.
    DELIVERIES_FAILED,
    /// Many deliveries arrive only after a retry.
    FIRST_ATTEMPTS_FAIL,
    /// The latest event could not be sent in the format of the webhook.
    FORMAT_ERROR,
    DISABLED_BY_USER,
    /// The receiver responded with 410.
    DISABLED_BY_RECEIVER
  }

  /// Returns whether the webhook needs an action. A webhook that a user has disabled needs nothing,
  /// unless deliveries wait or are lost.
  public boolean needsAttention(WebhookActivity activity) {
    return switch (verdict) {
      case HEALTHY, IDLE -> false;
      case DEGRADED, FAILING, PAUSED -> true;
      case DISABLED ->
          cause == Cause.DISABLED_BY_RECEIVER
              || activity.pendingDeliveries() > 0
              || activity.failedDeliveries() > 0;
    };
  }

  /// Returns the assessment of no webhooks.
  static Assessment none() {
    return of(Verdict.IDLE, Cause.NOTHING_SENT);
  }

  Assessment withSince(Optional<Instant> changed) {
    return new Assessment(verdict, cause, changed, detail);
  }

  private static Assessment of(Verdict verdict, Cause cause) {
    return new Assessment(verdict, cause, Optional.empty(), Optional.empty());
  }

  private static Assessment of(Verdict verdict, Cause cause, Instant since, String detail) {
    return new Assessment(verdict, cause, Optional.of(since), Optional.of(detail));
  }

  public static Assessment of(Webhook webhook, WebhookActivity activity) {
    if (!webhook.decryptionErrors().isEmpty()) {
      return new Assessment(
          Verdict.FAILING,
          Cause.UNDECRYPTABLE,
          Optional.empty(),
          Optional.of(String.join("; ", webhook.decryptionErrors())));
    }
    return switch (webhook.health()) {
      case Health.Disabled(var since, var by) ->
          new Assessment(
              Verdict.DISABLED,
              by.isPresent() ? Cause.DISABLED_BY_USER : Cause.DISABLED_BY_RECEIVER,
              Optional.of(since),
              by);
      case Health.Paused(var since, var ignored, var ignored2, var error) ->
          of(Verdict.PAUSED, Cause.ATTEMPTS_FAIL, since, error);
      case Health.Active(var failures, boolean proven) ->
          failures
              .flatMap(failed -> ofFailures(failed, activity))
              .or(() -> ofDeliveries(webhook, activity))
              .orElseGet(() ->
                  proven || activity.lastSuccess().isPresent()
                      ? new Assessment(
                          Verdict.HEALTHY,
                          Cause.DELIVERED,
                          activity.lastSuccess(),
                          Optional.empty())
                      : none());
    };
  }

  /// The first failure of a webhook that worked before says nothing for a while.
  private static Optional<Assessment> ofFailures(Failures failures, WebhookActivity activity) {
    boolean mayRecover =
        activity.lastSuccess().isPresent() && mayRecoverFrom(failures.since(), activity);
    boolean isFirst = failures.count() == 1;
    return isFirst && mayRecover
        ? Optional.empty()
        : Optional.of(
            of(
                isFirst || mayRecover ? Verdict.DEGRADED : Verdict.FAILING,
                Cause.ATTEMPTS_FAIL,
                failures.since(),
                failures.lastError()));
  }

  private static boolean mayRecoverFrom(Instant begin, WebhookActivity activity) {
    return begin.plus(RECOVERY).isAfter(activity.at());
  }

  private static Optional<Assessment> ofDeliveries(Webhook webhook, WebhookActivity activity) {
    if (activity.failedDeliveries() > 0) {
      return Optional.of(of(Verdict.DEGRADED, Cause.DELIVERIES_FAILED));
    }
    if (activity.repeatedlyFailed() > 0) {
      return Optional.of(of(Verdict.DEGRADED, Cause.RETRIES_FAIL));
    }
    Optional<Instant> late =
        activity.oldestPending().filter(oldest -> !mayRecoverFrom(oldest, activity));
    if (late.isPresent()) {
      return Optional.of(
          new Assessment(Verdict.DEGRADED, Cause.DELIVERIES_WAIT, late, Optional.empty()));
    }
    if (activity.pendingDeliveries() > 0 && activity.firstAttempts().errorRate() > MAX_ERROR_RATE) {
      return Optional.of(of(Verdict.DEGRADED, Cause.FIRST_ATTEMPTS_FAIL));
    }
    return webhook
        .formatError()
        .map(error ->
            new Assessment(
                Verdict.DEGRADED, Cause.FORMAT_ERROR, Optional.empty(), Optional.of(error)));
  }
}
