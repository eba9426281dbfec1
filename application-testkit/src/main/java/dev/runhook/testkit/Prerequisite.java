package dev.runhook.testkit;

import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// What a test needs from the machine, such as a program. A test without it is skipped, but fails
/// if the environment variable `CI` is set: there, a skipped test would look like a passed one.
public final class Prerequisite {
  private final boolean required;

  Prerequisite(Optional<String> ci) {
    this.required = ci.isPresent();
  }

  private static Prerequisite ofEnvironment() {
    return new Prerequisite(
        Optional.ofNullable(System.getenv("CI")).filter(value -> !value.isEmpty()));
  }

  /// Returns whether tests must fail without what they need.
  public static boolean isRequired() {
    return ofEnvironment().required;
  }

  /// Skips or fails the test if it does not have what it needs.
  ///
  /// @param missing what is missing and how to install it
  public static void require(boolean available, String missing) {
    if (!available) {
      missing(missing);
    }
  }

  /// Skips or fails the test.
  ///
  /// @param missing what is missing and how to install it
  /// @return nothing, because it always throws; to write after `throw`
  public static RuntimeException missing(String missing) {
    return ofEnvironment().end(missing);
  }

  RuntimeException end(String missing) {
    return required
        ? Assertions.fail("required because CI is set: " + missing)
        : Assumptions.abort(missing);
  }
}
