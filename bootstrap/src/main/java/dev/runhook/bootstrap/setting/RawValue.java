package dev.runhook.bootstrap.setting;

/// The text of a setting before it is parsed.
///
/// @param variable the name to use in a problem: the variable of the setting or of its file
/// @param source where the text was found, for users
record RawValue(String text, String variable, String source) {
  /// Returns a description without the text, which may be a secret.
  @Override
  public String toString() {
    return variable + " from " + source;
  }
}
