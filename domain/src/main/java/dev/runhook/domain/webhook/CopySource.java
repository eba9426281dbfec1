package dev.runhook.domain.webhook;

/// What a copy refers to.
///
/// @param version the version that the copy has
/// @param selected whether the selector matches the stack of the copy; a copy that is not selected
///   gets no new events, and delivers what waits
public record CopySource(WebhookId id, int version, boolean selected) {
  public CopySource(WebhookId id, int version) {
    this(id, version, true);
  }
}
