package dev.runhook.domain.webhook;

/// What becomes of a URL that somebody wants called. The reasons are for people and tell how to
/// mend it; they do not quote the URL.
public sealed interface EndpointCheck {
  record Valid(Endpoint endpoint) implements EndpointCheck {}

  /// It is no URL that can be called at all.
  record Malformed(String reason) implements EndpointCheck {}

  /// It is a URL, but one that we may not call.
  ///
  /// @param rule the rule that forbids it, such as `loopback 127.0.0.0/8`
  record Forbidden(String rule) implements EndpointCheck {}
}
