package dev.runhook.domain.signing;

/// One HTTP header. Hides its value, which may be a credential.
public record Header(String name, String value) {
  @Override
  public String toString() {
    return name + ": …";
  }
}
