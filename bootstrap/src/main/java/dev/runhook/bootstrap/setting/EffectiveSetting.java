package dev.runhook.bootstrap.setting;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The effective value of a setting, with secrets and passwords in URLs masked.
///
/// @param value empty if the setting is not set and has no default
/// @param source `default`, `environment`, `runhook.properties` or the name of a file
public record EffectiveSetting(String variable, String value, String source) {

  /// @throws ConfigurationException with all problems, if there are any
  public static List<EffectiveSetting> readAll() {
    return readAll(System.getenv(), Settings.FILE);
  }

  static List<EffectiveSetting> readAll(Map<String, String> environment, Path file) {
    SettingsReader.read(environment, file);
    SettingSources sources = new SettingSources(environment, Optional.of(file), new ArrayList<>());
    return SettingDefinitions.ALL.stream().map(setting -> of(setting, sources)).toList();
  }

  private static EffectiveSetting of(Setting<?> setting, SettingSources sources) {
    String variable = setting.variable();
    return sources
        .find(setting)
        .map(raw -> new EffectiveSetting(variable, setting.redacted(raw.text()), raw.source()))
        .orElseGet(() -> new EffectiveSetting(variable, setting.defaultValue(), "default"));
  }
}
