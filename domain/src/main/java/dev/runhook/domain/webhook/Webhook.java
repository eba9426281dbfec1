package dev.runhook.domain.webhook;

import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Health.Active;
import dev.runhook.domain.webhook.Health.Disabled;
import dev.runhook.domain.webhook.Health.Paused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An endpoint attached to a stack. It hears of the stack's runs while it is enabled, which it is
/// unless its health is [Disabled].
///
/// @param revision how often what it sends, and where to, was chosen: 1 at first, one more whenever
///   its endpoint or its headers become others
/// @param updatedAt when a person last changed it; health does not count
public record Webhook(
    WebhookId id,
    StackId stack,
    WebhookSettings settings,
    int revision,
    SigningKeys keys,
    Health health,
    Instant createdAt,
    Instant updatedAt) {
  public boolean isEnabled() {
    return !(health instanceof Disabled);
  }

  /// Why some of it cannot be had: its secret, the one before, its own headers. Sentences for
  /// people; empty where all can. Nothing is sent to a webhook of which something is missing.
  public List<String> decryptionErrors() {
    return Stream.of(
            keys.current().decryptionError(),
            keys.previous().flatMap(old -> old.secret().decryptionError()),
            settings.headers().decryptionError())
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /// This webhook with other settings. A new endpoint starts with a clean record; a disabled
  /// webhook stays so.
  public Webhook edited(WebhookSettings next, Instant now) {
    boolean moved = !next.endpoint().equals(settings.endpoint());
    Health after = moved && isEnabled() ? Health.healthy() : health;
    return new Webhook(id, stack, next, revisionFor(next), keys, after, createdAt, now);
  }

  private int revisionFor(WebhookSettings next) {
    boolean same =
        next.endpoint().text().equals(settings.endpoint().text())
            && next.headers().equals(settings.headers());
    return same ? revision : revision + 1;
  }

  /// What it sends now, and where to.
  public WebhookRevision currentRevision() {
    return new WebhookRevision(revision, settings.endpoint(), settings.headers());
  }

  /// This webhook enabled, its failures forgotten.
  public Webhook enabled(Instant now) {
    return isEnabled() && health.consecutiveFailures() == 0
        ? this
        : new Webhook(id, stack, settings, revision, keys, Health.healthy(), createdAt, now);
  }

  /// This webhook disabled by a person; one that already is keeps its first reason.
  public Webhook disabled(Instant now, String reason) {
    return isEnabled()
        ? new Webhook(
            id, stack, settings, revision, keys, new Disabled(now, reason), createdAt, now)
        : this;
  }

  public Webhook rotated(SigningSecret next, Instant now, Duration overlap) {
    return new Webhook(
        id, stack, settings, revision, keys.rotated(next, now, overlap), health, createdAt, now);
  }

  /// This webhook with its current secret alone, whatever of an overlap is left.
  public Webhook withoutPreviousSecret(Instant now) {
    return keys.previous().isEmpty()
        ? this
        : new Webhook(
            id, stack, settings, revision, keys.withoutPrevious(), health, createdAt, now);
  }

  /// This webhook with the secrets that are in force then.
  public Webhook withoutExpiredSecret(Instant now) {
    return new Webhook(
        id, stack, settings, revision, keys.withoutExpired(now), health, createdAt, updatedAt);
  }

  /// This webhook after an attempt that was answered with success.
  public Webhook succeeded() {
    return isEnabled() ? in(Health.healthy()) : this;
  }

  /// This webhook after a failed attempt, perhaps paused by it. While it is paused only
  /// [#probeFailed] counts: what was under way when it was paused tells nothing new.
  ///
  /// @param now by the store's clock
  /// @param reason what the attempt ended with, for people
  public Webhook failed(Instant now, String reason, PausePolicy policy) {
    return switch (health) {
      case Active(int before) when before + 1 < policy.pauseAfter() -> in(new Active(before + 1));
      case Active(int before) ->
          in(new Paused(now, before + 1, now.plus(policy.probeDelay(before + 1)), reason));
      case Paused _, Disabled _ -> this;
    };
  }

  /// This webhook after a failed attempt that was begun while it was paused; one of a webhook that
  /// is well again by now is like any other.
  public Webhook probeFailed(Instant now, String reason, PausePolicy policy) {
    return switch (health) {
      case Paused(Instant since, int before, _, _) ->
          in(new Paused(since, before + 1, now.plus(policy.probeDelay(before + 1)), reason));
      case Active _, Disabled _ -> failed(now, reason, policy);
    };
  }

  /// This webhook after the receiver said that it is gone for good.
  public Webhook disabledByReceiver(Instant now) {
    return isEnabled() ? in(new Disabled(now, "the receiver answered 410 Gone")) : this;
  }

  private Webhook in(Health next) {
    return new Webhook(id, stack, settings, revision, keys, next, createdAt, updatedAt);
  }
}
