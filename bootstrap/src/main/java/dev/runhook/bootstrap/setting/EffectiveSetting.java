package dev.runhook.bootstrap.setting;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One setting as it is in force, fit to be shown: secrets are masked, in URLs too.
///
/// @param value empty where the setting is not set and has no default
/// @param source `default`, `environment`, `runhook.properties` or the file that was named
public record EffectiveSetting(String variable, String value, String source) {

  /// All settings of this process. A [ConfigurationException] tells all problems where there are
  /// any.
  public static List<EffectiveSetting> readAll() {
    return readAll(System.getenv(), Settings.FILE);
  }

  static List<EffectiveSetting> readAll(Map<String, String> environment, Path file) {
    SettingsReader.read(environment, file);
    SettingSources settingSources = SettingSources.of(environment, file, new ArrayList<>());
    return SettingDefinitions.ALL.stream().map(setting -> of(setting, settingSources)).toList();
  }

  private static EffectiveSetting of(Setting<?> setting, SettingSources settingSources) {
    return settingSources
        .find(setting)
        .map(rawValue ->
            new EffectiveSetting(
                setting.variable(), setting.redacted(rawValue.text()), rawValue.source()))
        .orElseGet(
            () -> new EffectiveSetting(setting.variable(), setting.defaultValue(), "default"));
  }
}
