package dev.runhook.bootstrap.setting;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One setting as it is in force, fit to be shown: secrets are masked, in URLs too.
///
/// @param value empty where the setting is not set and has no default
/// @param source `default`, `environment`, `runhook.properties` or the file that was named
public record InForce(String variable, String value, String source) {

  /// All settings of this process. A [ConfigurationException] tells all problems where there are
  /// any.
  public static List<InForce> read() {
    return read(System.getenv(), Settings.FILE);
  }

  static List<InForce> read(Map<String, String> environment, Path file) {
    SettingsReader.read(environment, file);
    Sources sources = Sources.of(environment, file, new ArrayList<>());
    return KnownSettings.ALL.stream().map(setting -> of(setting, sources)).toList();
  }

  private static InForce of(Setting<?> setting, Sources sources) {
    return sources
        .find(setting)
        .map(given -> new InForce(setting.variable(), setting.shown(given.text()), given.source()))
        .orElseGet(() -> new InForce(setting.variable(), setting.usual(), "default"));
  }
}
