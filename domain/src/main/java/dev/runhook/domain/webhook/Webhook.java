package dev.runhook.domain.webhook;

import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Health.Active;
import dev.runhook.domain.webhook.Health.Disabled;
import dev.runhook.domain.webhook.Health.Paused;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.domain.webhook.WebhookOwner.StackOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An endpoint that is notified of the runs of its stack unless its health is [Disabled], or it is
/// a copy that is not selected. A webhook of a selector sends nothing itself; its copies do.
///
/// @param revision counts the changes to the endpoint and the custom headers, starting at 1
/// @param updatedAt when a user last changed the webhook; changes to its health do not count
/// @param formatError why its latest attempt sent Runhook's payload instead of the webhook's
///   format, as a sentence for users; absent if it did not
public record Webhook(
    WebhookId id,
    WebhookOwner owner,
    WebhookSettings settings,
    int revision,
    SigningKeys keys,
    Health health,
    Instant createdAt,
    Instant updatedAt,
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
        new StackOwner(stack, Optional.empty()),
        settings,
        revision,
        keys,
        health,
        createdAt,
        updatedAt,
        Optional.empty());
  }

  /// Creates an enabled webhook.
  public static Webhook create(
      WebhookId id, WebhookOwner owner, WebhookSettings settings, SigningKeys keys, Instant now) {
    return new Webhook(id, owner, settings, 1, keys, Health.healthy(), now, now, Optional.empty());
  }

  /// Returns the stack that the webhook belongs to.
  ///
  /// @throws IllegalStateException if it belongs to a selector
  public StackId stack() {
    if (owner instanceof StackOwner(StackId stack, var ignored)) {
      return stack;
    }
    throw new IllegalStateException("the webhook " + id + " belongs to no stack");
  }

  /// Returns the selector that the webhook belongs to.
  ///
  /// @throws IllegalStateException if it belongs to a stack
  public SelectorOwner selectorOwner() {
    if (owner instanceof SelectorOwner selector) {
      return selector;
    }
    throw new IllegalStateException("the webhook " + id + " belongs to a stack");
  }

  /// Returns the account webhook that this webhook is a copy of; empty if it is none.
  public Optional<CopySource> source() {
    return owner instanceof StackOwner(var ignored, Optional<CopySource> source)
        ? source
        : Optional.empty();
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
        owner,
        next,
        nextRevision,
        keys,
        nextHealth,
        createdAt,
        now,
        formatError.filter(ignored -> !hasNewFormat));
  }

  public Revision currentRevision() {
    return new Revision(revision, settings.endpoint(), settings.headers());
  }

  /// Returns this webhook enabled, with its failure count reset. The copies of an account webhook
  /// become active, including those that are paused or that a receiver has disabled.
  public Webhook enabled(Instant now) {
    return switch (owner) {
      case StackOwner ignored when isEnabled() && health.consecutiveFailures() == 0 -> this;
      case StackOwner ignored -> withHealth(Health.healthy(), now);
      case SelectorOwner selector ->
          withOwner(selector.enabledInNextVersion()).withHealth(Health.healthy(), now);
    };
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

  /// Returns this webhook after its receiver refused a delivery for good. The receiver works, so a
  /// pause ends.
  public Webhook refused() {
    return health instanceof Paused ? withHealth(Health.healthy()) : this;
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
    return source().map(CopySource::selected).orElse(true);
  }

  /// Returns this copy with whether its account webhook selects the stack.
  public Webhook withSelected(boolean selected) {
    Optional<CopySource> next = source().map(of -> new CopySource(of.id(), of.version(), selected));
    return withOwner(new StackOwner(stack(), next));
  }

  /// Returns the deletion of this account webhook.
  public Webhook asDeleted(Instant now) {
    return withOwner(selectorOwner().asDeleted())
        .withHealth(new Disabled(now, Optional.empty()), now);
  }

  /// Returns this account webhook with the version that follows the given one.
  public Webhook withVersionAfter(Webhook before) {
    return withOwner(selectorOwner().withVersionAfter(before.selectorOwner()));
  }

  /// Returns this account webhook with all copies at its version.
  public Webhook copied() {
    return withOwner(selectorOwner().withCopiedVersion(selectorOwner().version()));
  }

  /// Returns this account webhook with copies that may be missing.
  public Webhook uncopied() {
    return withOwner(selectorOwner().withCopiedVersion(0));
  }

  /// Returns this account webhook for other stacks.
  public Webhook withSelector(StackSelector next) {
    return withOwner(selectorOwner().withSelector(next));
  }

  Webhook withOwner(WebhookOwner next) {
    return new Webhook(
        id, next, settings, revision, keys, health, createdAt, updatedAt, formatError);
  }

  /// Returns this webhook after an attempt in its format.
  ///
  /// @param error absent if the event could be rendered
  public Webhook withFormatError(Optional<String> error) {
    return new Webhook(id, owner, settings, revision, keys, health, createdAt, updatedAt, error);
  }

  /// Returns this webhook with another health.
  public Webhook withHealth(Health next) {
    return withHealth(next, updatedAt);
  }

  private Webhook withHealth(Health next, Instant changedAt) {
    return new Webhook(
        id, owner, settings, revision, keys, next, createdAt, changedAt, formatError);
  }

  /// Returns this webhook with other secrets.
  public Webhook withKeys(SigningKeys next, Instant changedAt) {
    return new Webhook(
        id, owner, settings, revision, next, health, createdAt, changedAt, formatError);
  }
}
