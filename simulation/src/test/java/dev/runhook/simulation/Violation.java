package dev.runhook.simulation;

/// The engine has broken a promise.
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String kind;

  /// @param kind what is the same for all violations of this promise
  Violation(String kind, String details) {
    super(kind + ": " + details);
    this.kind = kind;
  }

  String kind() {
    return kind;
  }
}
