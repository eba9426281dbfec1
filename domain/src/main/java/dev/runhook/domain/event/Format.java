package dev.runhook.domain.event;

import dev.runhook.domain.run.RunState;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How an event is written for a receiver.
public enum Format {
  /// Runhook's own payload.
  RUNHOOK,
  /// A CloudEvent 1.0 in structured mode. Its data is Runhook's payload. The official JavaScript
  /// library accepts the type only in lowercase.
  CLOUDEVENTS("application/cloudevents+json; charset=utf-8"),
  /// A message for a Slack incoming webhook.
  SLACK,
  /// An Adaptive Card for a Microsoft Teams workflow.
  MSTEAMS,
  /// An event for PagerDuty's Events API v2. It opens an alert when a run fails, and resolves the
  /// alert when a run finishes.
  PAGERDUTY,
  /// JSON that a user's template describes.
  TEMPLATE;

  private final String contentType;

  Format() {
    this("application/json");
  }

  Format(String contentType) {
    this.contentType = contentType;
  }

  /// Returns the value of the header `Content-Type`.
  public String contentType() {
    return contentType;
  }

  /// Returns the states that a webhook with this format is notified of; empty for all.
  public Set<RunState> states() {
    return this == PAGERDUTY ? Set.of(RunState.FAILED, RunState.FINISHED) : Set.of();
  }

  /// Returns whether a webhook with this format is notified of the state.
  public boolean sends(RunState state) {
    return states().isEmpty() || states().contains(state);
  }

  /// Returns whether a webhook with this format is notified of events of this kind. An alert about
  /// a new secret would stay open.
  public boolean sends(Event.Kind kind) {
    return this != PAGERDUTY || kind != Event.Kind.SECRET_ROTATED;
  }

  /// Returns whether receivers of this format are expected to verify signatures. Chats and
  /// PagerDuty do not, and neither do most services that a template is for.
  public boolean isVerified() {
    return this == RUNHOOK || this == CLOUDEVENTS;
  }

  /// Returns the time between two requests that the service of this format accepts, as its vendor
  /// documents it: one a second for incoming webhooks of Slack, four a second for a channel of
  /// Teams, and 120 a minute for PagerDuty. Empty if there is no limit.
  public Optional<Duration> interval() {
    return switch (this) {
      case SLACK -> Optional.of(Duration.ofSeconds(1));
      case MSTEAMS -> Optional.of(Duration.ofMillis(250));
      case PAGERDUTY -> Optional.of(Duration.ofMillis(500));
      case RUNHOOK, CLOUDEVENTS, TEMPLATE -> Optional.empty();
    };
  }

  /// Returns the name in the API.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
