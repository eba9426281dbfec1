package dev.runhook.bootstrap.setting;

import dev.runhook.bootstrap.setting.Settings.DispatchSettings;
import dev.runhook.bootstrap.setting.Settings.EncryptionSettings;
import dev.runhook.bootstrap.setting.Settings.LogSettings;
import dev.runhook.bootstrap.setting.Settings.OutboundSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Makes [Settings] of what was given, and reports all problems at once.
final class SettingsReader {
  private final SettingSources settingSources;
  private final List<String> problems;
  private final Set<Setting<?>> read = new HashSet<>();
  private final Set<Setting<?>> wrong = new HashSet<>();

  private SettingsReader(SettingSources sources, List<String> problems) {
    this.settingSources = sources;
    this.problems = problems;
  }

  static Settings read(Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    return new SettingsReader(SettingSources.of(environment, problems), problems).settings();
  }

  static Settings read(Map<String, String> environment, Path file) {
    List<String> problems = new ArrayList<>();
    return new SettingsReader(SettingSources.of(environment, file, problems), problems).settings();
  }

  private Settings settings() {
    Settings settings =
        new Settings(
            read(SettingDefinitions.HOST),
            read(SettingDefinitions.PORT),
            database(),
            read(SettingDefinitions.ALLOW_UNSAFE_DATABASE),
            read(SettingDefinitions.DATA_DIR),
            read(SettingDefinitions.ACCOUNT),
            find(SettingDefinitions.ADMIN_TOKEN),
            new EncryptionSettings(
                find(SettingDefinitions.ENCRYPTION_KEY),
                find(SettingDefinitions.ENCRYPTION_KEY_PREVIOUS).orElse(List.of())),
            read(SettingDefinitions.RATE_LIMIT),
            read(SettingDefinitions.ALLOWED_NETWORKS),
            read(SettingDefinitions.MAX_WEBHOOKS_PER_STACK),
            outward(),
            delivering(),
            read(SettingDefinitions.RETENTION),
            read(SettingDefinitions.ROLE),
            new LogSettings(
                read(SettingDefinitions.LOG_FORMAT), read(SettingDefinitions.LOG_LEVEL)),
            find(SettingDefinitions.OTLP_ENDPOINT));
    refuseWhatDoesNotFitTogether(settings);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    if (!read.containsAll(SettingDefinitions.ALL)) { // each start of each test would show it
      throw new IllegalStateException("a setting is known and never read");
    }
    return settings;
  }

  private Optional<DatabaseSettings> database() {
    Optional<String> user = find(SettingDefinitions.DATABASE_USER);
    Optional<String> password = find(SettingDefinitions.DATABASE_PASSWORD);
    Optional<DatabaseSettings> database =
        find(SettingDefinitions.DATABASE_URL, url -> DatabaseSettings.parse(url, user, password));
    if (database.isEmpty()
        && !wrong.contains(SettingDefinitions.DATABASE_URL)
        && (user.isPresent() || password.isPresent())) {
      problems.add(
          "RUNHOOK_DATABASE_URL is missing, although a user or a password for it is given");
    }
    return database;
  }

  private OutboundSettings outward() {
    return new OutboundSettings(
        find(SettingDefinitions.EGRESS_PROXY),
        find(SettingDefinitions.EXTRA_CA_FILE).orElse(List.of()));
  }

  private DispatchSettings delivering() {
    return new DispatchSettings(
        read(SettingDefinitions.TIMEOUT),
        read(SettingDefinitions.RETRY_SCHEDULE),
        read(SettingDefinitions.PAUSE_AFTER),
        read(SettingDefinitions.MAX_IN_FLIGHT),
        read(SettingDefinitions.MAX_IN_FLIGHT_PER_WEBHOOK),
        read(SettingDefinitions.SHA1_SIGNATURE));
  }

  /// The default stands in for what is wrong, so that the others can be looked at too.
  private <T> T read(Setting<T> setting) {
    return find(setting).orElseGet(() -> setting.parse().apply(setting.defaultValue()));
  }

  private <T> Optional<T> find(Setting<T> setting) {
    return find(setting, setting.parse());
  }

  private <T> Optional<T> find(Setting<?> setting, Function<String, T> parse) {
    read.add(setting);
    int before = problems.size();
    Optional<T> value = settingSources.find(setting).flatMap(rawValue -> parsed(rawValue, parse));
    if (problems.size() > before) {
      wrong.add(setting);
    }
    return value;
  }

  private <T> Optional<T> parsed(RawValue rawValue, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(rawValue.text()));
    } catch (IllegalArgumentException e) {
      problems.add(rawValue.variable() + " " + e.getMessage());
      return Optional.empty();
    }
  }

  private void refuseWhatDoesNotFitTogether(Settings settings) {
    DispatchSettings dispatchSettings = settings.dispatch();
    if (areRight(SettingDefinitions.MAX_IN_FLIGHT, SettingDefinitions.MAX_IN_FLIGHT_PER_WEBHOOK)
        && dispatchSettings.maxInFlight() < dispatchSettings.maxInFlightPerWebhook()) {
      problems.add("RUNHOOK_MAX_IN_FLIGHT must not be less than RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK");
    }
    if (areRight(SettingDefinitions.RETENTION, SettingDefinitions.RETRY_SCHEDULE)) {
      refuseShortRetention(dispatchSettings, settings.retention());
    }
  }

  private boolean areRight(Setting<?>... settings) {
    return Stream.of(settings).noneMatch(wrong::contains);
  }

  /// What is still being retried must not be forgotten.
  private void refuseShortRetention(DispatchSettings dispatchSettings, Duration retention) {
    Duration longest =
        dispatchSettings.retrySchedule().stream()
            .reduce(Duration.ZERO, Duration::plus)
            .multipliedBy(6)
            .dividedBy(5);
    if (retention.compareTo(longest) < 0) {
      problems.add(
          "RUNHOOK_RETENTION must not be shorter than all waits of RUNHOOK_RETRY_SCHEDULE together, with their jitter "
              + longest);
    }
  }
}
