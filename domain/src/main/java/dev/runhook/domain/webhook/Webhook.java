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

/// An endpoint attached to a stack. It is notified of the stack's runs unless its health is
/// [Disabled], or it is a copy that is no longer selected.
///
/// @param revision counts the changes to the endpoint and the custom headers, starting at 1
/// @param updatedAt when a user last changed the webhook; changes to its health do not count
/// @param source the account webhook that this webhook is a copy of; absent if it is the stack's
///   own
/// @param formatError why its latest attempt sent Runhook's payload instead of the webhook's
///   format, as a sentence for users; absent if it did not
public record Webhook(
    WebhookId id,
    StackId stack,
    WebhookSettings settings,
    int revision,
    SigningKeys keys,
    Health health,
    Instant createdAt,
    Instant updatedAt,
    Optional<CopySource> source,
    Optional<String> formatError) {
  /// Creates a webhook of a stack that is not a copy.
  public Webhook(
      WebhookId id,
      StackId stack,
      WebhookSettings settings,
      int revision,
      SigningKeys keys,
      Health health,
      Instant createdAt,
      Instant updatedAt) {
    this(
        id,
        stack,
        settings,
        revision,
        keys,
        health,
        createdAt,
        updatedAt,
        Optional.empty(),
        Optional.empty());
  }

  /// The endpoint and the custom headers between two edits.
  ///
  /// @param number 1, 2, 3 … in the order of the edits
  public record Revision(int number, Endpoint endpoint, CustomHeaders headers) {}

  public boolean isEnabled() {
    return !(health instanceof Disabled);
  }

  /// Returns why the webhook's secrets or custom headers cannot be decrypted, as sentences for
  /// users. The list is empty if all can. Nothing is sent to a webhook with decryption errors.
  public List<String> decryptionErrors() {
    return decryptionErrors(keys, settings);
  }

  static List<String> decryptionErrors(SigningKeys keys, WebhookSettings settings) {
    return Stream.of(
            keys.current().decryptionError(),
            keys.previous().flatMap(previous -> previous.secret().decryptionError()),
            settings.headers().decryptionError())
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /// Returns this webhook with other settings. A new endpoint, format or template resets the
  /// failure count, and so ends a pause. A disabled webhook stays disabled.
  public Webhook edited(WebhookSettings next, Instant now) {
    boolean hasNewFormat = !next.delivery().rendersLike(settings.delivery());
    boolean mayBeRepaired = hasNewFormat || !next.endpoint().equals(settings.endpoint());
    Health nextHealth = mayBeRepaired && isEnabled() ? Health.healthy() : health;
    boolean requestUnchanged =
        next.endpoint().text().equals(settings.endpoint().text())
            && next.headers().equals(settings.headers());
    int nextRevision = requestUnchanged ? revision : revision + 1;
    return new Webhook(
        id,
        stack,
        next,
        nextRevision,
        keys,
        nextHealth,
        createdAt,
        now,
        source,
        formatError.filter(ignored -> !hasNewFormat));
  }

  public Revision currentRevision() {
    return new Revision(revision, settings.endpoint(), settings.headers());
  }

  /// Returns this webhook enabled, with its failure count reset.
  public Webhook enabled(Instant now) {
    return isEnabled() && health.consecutiveFailures() == 0
        ? this
        : withHealth(Health.healthy(), now);
  }

  /// Returns this webhook disabled by a user. A webhook that is already disabled keeps its first
  /// cause.
  public Webhook disabled(Instant now, String by) {
    return isEnabled() ? withHealth(new Disabled(now, Optional.of(by)), now) : this;
  }

  /// Returns whether the deliveries that wait for a retry should be sent at once: this webhook is
  /// active, and before it was not, or had another endpoint.
  public boolean isRecoveredFrom(Webhook before) {
    return health instanceof Active
        && !(before.health instanceof Active
            && settings.endpoint().equals(before.settings.endpoint()));
  }

  /// Returns whether an attempt sends the same for both states of a webhook, so that its result
  /// says something about both: they have the same endpoint, headers, secret, format and template.
  public boolean sendsAs(Webhook other) {
    return revision == other.revision
        && keys.current().equals(other.keys.current())
        && settings.delivery().rendersLike(other.settings.delivery());
  }

  public Webhook rotated(SigningSecret next, Instant now, Duration overlap) {
    return withKeys(keys.rotated(next, now, overlap), now);
  }

  public Webhook withoutPreviousSecret(Instant now) {
    return keys.previous().isEmpty() ? this : withKeys(keys.withoutPrevious(), now);
  }

  /// Returns this webhook without a previous secret that has expired.
  public Webhook withoutExpiredSecret(Instant now) {
    return withKeys(keys.withoutExpired(now), updatedAt);
  }

  /// Returns this webhook after a delivered attempt.
  public Webhook succeeded() {
    return isEnabled() ? withHealth(Health.proven()) : this;
  }

  /// Returns this webhook after a failed attempt, which may pause it.
  public Webhook failed(FailedAttempt attempt, PausePolicy policy) {
    return withHealth(health.after(attempt, policy));
  }

  /// Returns this webhook with its next probe, if it is paused, at that time.
  public Webhook withProbeAt(Instant time) {
    return health instanceof Paused(Instant since, int failures, var ignored, String error)
        ? withHealth(new Paused(since, failures, time, error))
        : this;
  }

  /// Returns this webhook after the receiver responded with 410 Gone.
  public Webhook disabledByReceiver(Instant now) {
    return isEnabled() ? withHealth(new Disabled(now, Optional.empty())) : this;
  }

  /// Returns whether this webhook is the stack's own, or a copy whose account webhook selects the
  /// stack.
  public boolean isSelected() {
    return source.map(CopySource::selected).orElse(true);
  }

  /// Returns this copy with whether its account webhook selects the stack.
  public Webhook withSelected(boolean selected) {
    return new Webhook(
        id,
        stack,
        settings,
        revision,
        keys,
        health,
        createdAt,
        updatedAt,
        source.map(of -> new CopySource(of.id(), of.version(), selected)),
        formatError);
  }

  /// Returns this webhook after an attempt in its format.
  ///
  /// @param error absent if the event could be rendered
  public Webhook withFormatError(Optional<String> error) {
    return new Webhook(
        id, stack, settings, revision, keys, health, createdAt, updatedAt, source, error);
  }

  /// Returns this webhook with another health.
  public Webhook withHealth(Health next) {
    return withHealth(next, updatedAt);
  }

  private Webhook withHealth(Health next, Instant changedAt) {
    return new Webhook(
        id, stack, settings, revision, keys, next, createdAt, changedAt, source, formatError);
  }

  private Webhook withKeys(SigningKeys next, Instant changedAt) {
    return new Webhook(
        id, stack, settings, revision, next, health, createdAt, changedAt, source, formatError);
  }
}
