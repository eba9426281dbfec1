package dev.runhook.domain.egress;

/// Whether an address may be called.
public sealed interface EgressDecision {
  record Allowed() implements EgressDecision {}

  /// @param rule the rule that denies it, for example `private network 10.0.0.0/8`
  record Denied(String rule) implements EgressDecision {}
}
