package dev.runhook.domain.webhook;

/// The result of checking a URL. The reasons tell users how to fix it and do not quote it.
public sealed interface EndpointCheck {
  record Valid(Endpoint endpoint) implements EndpointCheck {}

  /// The text is not a URL that can be called.
  record Malformed(String reason) implements EndpointCheck {}

  /// The URL may not be called.
  ///
  /// @param rule the rule that denies it, for example `loopback 127.0.0.0/8`
  record Forbidden(String rule) implements EndpointCheck {}
}
