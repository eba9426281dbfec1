package dev.runhook.bootstrap.receiver;

import java.util.List;

/// The result of verifying the signatures of a delivery.
///
/// @param checks one for each signature header
public record VerificationResult(List<Check> checks) {
  public VerificationResult {
    checks = List.copyOf(checks);
  }

  /// The result for one header.
  ///
  /// @param reason why the signature does not match; empty if it does
  public record Check(String header, boolean matches, String reason) {}

  /// Returns whether the delivery has signatures and all of them match.
  public boolean isVerified() {
    return !checks.isEmpty() && checks.stream().allMatch(Check::matches);
  }

  /// Returns a short summary for users.
  public String summary() {
    if (checks.isEmpty()) {
      return "NOT verified: no signature header";
    }
    return checks.stream()
        .filter(check -> !check.matches())
        .findFirst()
        .map(check -> "NOT verified: " + check.header() + " " + check.reason())
        .orElse("signature verified");
  }
}
