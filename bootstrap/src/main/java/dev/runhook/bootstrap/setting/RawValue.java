package dev.runhook.bootstrap.setting;

/// What an operator gave for a setting.
///
/// @param variable the name to speak of in a problem: the setting's own, or that of its file
/// @param source where it was found, for people
record RawValue(String text, String variable, String source) {
  /// Without the text, which may be a secret.
  @Override
  public String toString() {
    return variable + " from " + source;
  }
}
