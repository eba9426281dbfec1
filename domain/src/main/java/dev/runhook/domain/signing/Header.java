package dev.runhook.domain.signing;

/// An HTTP header. [#toString] hides the value, which may be a credential.
public record Header(String name, String value) {
  @Override
  public String toString() {
    return name + ": …";
  }
}
