package dev.runhook.bootstrap.receiver;

import java.util.List;

/// What a receiver found of a delivery's signatures.
///
/// @param checks one for each signature header that was there
public record VerificationResult(List<Check> checks) {
  public VerificationResult {
    checks = List.copyOf(checks);
  }

  /// One header.
  ///
  /// @param reason why it does not match; empty where it does
  public record Check(String header, boolean matches, String reason) {}

  /// Whether the delivery can be trusted: it carries signatures, and all of them match.
  public boolean isVerified() {
    return !checks.isEmpty() && checks.stream().allMatch(Check::matches);
  }

  /// In a few words, for people.
  public String summary() {
    if (checks.isEmpty()) {
      return "NOT verified: it carries no signature";
    }
    return checks.stream()
        .filter(check -> !check.matches())
        .findFirst()
        .map(check -> "NOT verified: " + check.header() + " " + check.reason())
        .orElse("signature verified");
  }
}
