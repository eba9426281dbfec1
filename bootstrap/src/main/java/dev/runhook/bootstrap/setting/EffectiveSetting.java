package dev.runhook.bootstrap.setting;

import java.util.Optional;

/// The effective value of a setting, with secrets and passwords in URLs masked.
///
/// @param value empty if the setting is not set and has no default
/// @param defaultValue empty if there is none
/// @param secret whether the whole value is masked
/// @param source `default`, `environment`, `runhook.properties` or the name of a file
public record EffectiveSetting(
    String variable, String value, String defaultValue, boolean secret, String source) {
  private static final String DEFAULT = "default";

  static EffectiveSetting of(Setting<?> setting, Optional<SettingSources.RawValue> found) {
    return new EffectiveSetting(
        setting.variable(),
        found.map(raw -> setting.redacted(raw.text())).orElse(setting.defaultValue()),
        setting.defaultValue(),
        setting.kind() == Setting.Kind.SECRET,
        found.map(SettingSources.RawValue::source).orElse(DEFAULT));
  }

  /// Whether the operator has set it.
  public boolean isSet() {
    return !source.equals(DEFAULT);
  }
}
