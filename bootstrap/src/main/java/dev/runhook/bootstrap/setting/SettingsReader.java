package dev.runhook.bootstrap.setting;

import dev.runhook.bootstrap.setting.Settings.Delivering;
import dev.runhook.bootstrap.setting.Settings.Encryption;
import dev.runhook.bootstrap.setting.Settings.Logs;
import dev.runhook.bootstrap.setting.Settings.Outward;
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
  private final Sources sources;
  private final List<String> problems;
  private final Set<Setting<?>> read = new HashSet<>();
  private final Set<Setting<?>> wrong = new HashSet<>();

  private SettingsReader(Sources sources, List<String> problems) {
    this.sources = sources;
    this.problems = problems;
  }

  static Settings read(Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    return new SettingsReader(Sources.of(environment, problems), problems).settings();
  }

  static Settings read(Map<String, String> environment, Path file) {
    List<String> problems = new ArrayList<>();
    return new SettingsReader(Sources.of(environment, file, problems), problems).settings();
  }

  private Settings settings() {
    Settings settings =
        new Settings(
            read(KnownSettings.HOST),
            read(KnownSettings.PORT),
            database(),
            read(KnownSettings.ALLOW_UNSAFE_DATABASE),
            read(KnownSettings.DATA_DIR),
            read(KnownSettings.ACCOUNT),
            find(KnownSettings.ADMIN_TOKEN),
            new Encryption(
                find(KnownSettings.ENCRYPTION_KEY),
                find(KnownSettings.ENCRYPTION_KEY_PREVIOUS).orElse(List.of())),
            read(KnownSettings.RATE_LIMIT),
            read(KnownSettings.ALLOWED_NETWORKS),
            read(KnownSettings.MAX_WEBHOOKS_PER_STACK),
            outward(),
            delivering(),
            read(KnownSettings.RETENTION),
            read(KnownSettings.ROLE),
            new Logs(read(KnownSettings.LOG_FORMAT), read(KnownSettings.LOG_LEVEL)),
            find(KnownSettings.OTLP_ENDPOINT));
    refuseWhatDoesNotFitTogether(settings);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    if (!read.containsAll(KnownSettings.ALL)) { // each start of each test would show it
      throw new IllegalStateException("a setting is known and never read");
    }
    return settings;
  }

  private Optional<DatabaseSettings> database() {
    Optional<String> user = find(KnownSettings.DATABASE_USER);
    Optional<String> password = find(KnownSettings.DATABASE_PASSWORD);
    Optional<DatabaseSettings> database =
        find(KnownSettings.DATABASE_URL, url -> DatabaseSettings.parse(url, user, password));
    if (database.isEmpty()
        && !wrong.contains(KnownSettings.DATABASE_URL)
        && (user.isPresent() || password.isPresent())) {
      problems.add(
          "RUNHOOK_DATABASE_URL is missing, although a user or a password for it is given");
    }
    return database;
  }

  private Outward outward() {
    return new Outward(
        find(KnownSettings.EGRESS_PROXY), find(KnownSettings.CA_FILE).orElse(List.of()));
  }

  private Delivering delivering() {
    return new Delivering(
        read(KnownSettings.TIMEOUT),
        read(KnownSettings.RETRY_SCHEDULE),
        read(KnownSettings.PAUSE_AFTER),
        read(KnownSettings.MAX_IN_FLIGHT),
        read(KnownSettings.MAX_IN_FLIGHT_PER_WEBHOOK),
        read(KnownSettings.SHA1_SIGNATURE));
  }

  /// The default stands in for what is wrong, so that the others can be looked at too.
  private <T> T read(Setting<T> setting) {
    return find(setting).orElseGet(() -> setting.parse().apply(setting.usual()));
  }

  private <T> Optional<T> find(Setting<T> setting) {
    return find(setting, setting.parse());
  }

  private <T> Optional<T> find(Setting<?> setting, Function<String, T> parse) {
    read.add(setting);
    int before = problems.size();
    Optional<T> value = sources.find(setting).flatMap(given -> parsed(given, parse));
    if (problems.size() > before) {
      wrong.add(setting);
    }
    return value;
  }

  private <T> Optional<T> parsed(Given given, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(given.text()));
    } catch (IllegalArgumentException e) {
      problems.add(given.variable() + " " + e.getMessage());
      return Optional.empty();
    }
  }

  private void refuseWhatDoesNotFitTogether(Settings settings) {
    Delivering delivering = settings.delivering();
    if (areRight(KnownSettings.MAX_IN_FLIGHT, KnownSettings.MAX_IN_FLIGHT_PER_WEBHOOK)
        && delivering.maxInFlight() < delivering.maxInFlightPerWebhook()) {
      problems.add("RUNHOOK_MAX_IN_FLIGHT must not be less than RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK");
    }
    if (areRight(KnownSettings.RETENTION, KnownSettings.RETRY_SCHEDULE)) {
      refuseShortRetention(delivering, settings.retention());
    }
  }

  private boolean areRight(Setting<?>... settings) {
    return Stream.of(settings).noneMatch(wrong::contains);
  }

  /// What is still being retried must not be forgotten.
  private void refuseShortRetention(Delivering delivering, Duration retention) {
    Duration longest =
        delivering.retrySchedule().stream()
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
