package dev.runhook.bootstrap.setting;

import static java.util.Objects.requireNonNull;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.PausePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Builds [Settings] from their sources and reports all problems at once.
public final class SettingsReader {
  /// A file in the working directory.
  static final Path FILE = Path.of("runhook.properties");

  /// Without a setting, deliveries in memory may use one of this many parts of the heap.
  private static final int PARTS_OF_HEAP = 4;

  private final List<String> problems = new ArrayList<>();
  private final SettingSources sources;
  private final Map<Setting<?>, SettingSources.RawValue> found = new HashMap<>();
  private final Map<Setting<?>, Object> values = new HashMap<>();
  private final Set<Setting<?>> invalid = new HashSet<>();

  private SettingsReader(Map<String, String> environment, Optional<Path> file) {
    this.sources = new SettingSources(environment, file, problems);
  }

  /// Reads the environment, and `runhook.properties` in the working directory if it exists.
  ///
  /// @throws ConfigurationException with all problems, if there are any
  public static Settings read() {
    return read(System.getenv(), FILE);
  }

  /// Reads only the given variables.
  ///
  /// @throws ConfigurationException with all problems, if there are any
  public static Settings read(Map<String, String> environment) {
    return new SettingsReader(environment, Optional.empty()).settings();
  }

  static Settings read(Map<String, String> environment, Path file) {
    return new SettingsReader(environment, Optional.of(file)).settings();
  }

  /// Returns the names of `RUNHOOK_` variables that Kubernetes has injected for a Service, such as
  /// `RUNHOOK_PORT=tcp://…`. They are ignored.
  public static List<String> serviceLinks() {
    return SettingSources.serviceLinks(System.getenv());
  }

  private Settings settings() {
    SettingDefinitions.ALL.forEach(this::read);
    Optional<DatabaseSettings> database = database();
    List<DatabaseSettings> bucketDatabases = bucketDatabases();
    DispatchConfig dispatch = dispatch();
    checkRetention(dispatch);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new Settings(
        Map.copyOf(values),
        bucketDatabases.stream().findFirst().or(() -> database),
        bucketDatabases,
        dispatch,
        SettingDefinitions.ALL.stream()
            .map(setting -> EffectiveSetting.of(setting, Optional.ofNullable(found.get(setting))))
            .toList());
  }

  /// Keeps the default for an invalid value, so that all other settings are checked too.
  private void read(Setting<?> setting) {
    if (!setting.defaultValue().isEmpty()) {
      values.put(setting, requireNonNull(setting.parse().apply(setting.defaultValue())));
    }
    int before = problems.size();
    sources
        .find(setting)
        .ifPresent(raw -> {
          found.put(setting, raw);
          parse(setting, setting.parse()).ifPresent(value -> values.put(setting, value));
        });
    if (problems.size() > before) {
      invalid.add(setting);
    }
  }

  private <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow();
  }

  @SuppressWarnings("unchecked") // `read` has put the value that the setting has parsed
  private <T> Optional<T> find(Setting<T> setting) {
    return Optional.ofNullable((T) values.get(setting));
  }

  /// Parses the text of a setting; empty if it is not set or invalid.
  private <T> Optional<T> parse(Setting<?> setting, Function<String, ? extends T> parser) {
    SettingSources.RawValue raw = found.get(setting);
    if (raw == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(raw.text()));
    } catch (IllegalArgumentException e) {
      problems.add(raw.variable() + " " + e.getMessage());
      invalid.add(setting);
      return Optional.empty();
    }
  }

  private Optional<DatabaseSettings> database() {
    Optional<String> user = find(SettingDefinitions.DATABASE_USER);
    Optional<String> password = find(SettingDefinitions.DATABASE_PASSWORD);
    Optional<DatabaseSettings> database =
        parse(SettingDefinitions.DATABASE_URL, url -> DatabaseSettings.parse(url, user, password));
    if (database.isEmpty()
        && find(SettingDefinitions.BUCKET_URLS).isEmpty()
        && !invalid.contains(SettingDefinitions.DATABASE_URL)
        && (user.isPresent() || password.isPresent())) {
      problems.add("RUNHOOK_DATABASE_URL is missing, but a user or password for it is set");
    }
    return database;
  }

  private List<DatabaseSettings> bucketDatabases() {
    List<DatabaseSettings> databases =
        this.<List<DatabaseSettings>>parse(
                SettingDefinitions.BUCKET_URLS,
                text ->
                    DatabaseSettings.parseBuckets(
                        text,
                        get(SettingDefinitions.BUCKETS),
                        find(SettingDefinitions.DATABASE_USER),
                        find(SettingDefinitions.DATABASE_PASSWORD)))
            .orElse(List.of());
    if (!databases.isEmpty() && find(SettingDefinitions.DATABASE_URL).isPresent()) {
      problems.add("RUNHOOK_BUCKET_URLS and RUNHOOK_DATABASE_URL must not both be set");
    }
    return databases;
  }

  private DispatchConfig dispatch() {
    List<Duration> retryDelays = get(SettingDefinitions.RETRY_SCHEDULE);
    int maxInFlight = get(SettingDefinitions.MAX_IN_FLIGHT);
    int maxInFlightPerWebhook = get(SettingDefinitions.MAX_IN_FLIGHT_PER_WEBHOOK);
    if (maxInFlight < maxInFlightPerWebhook
        && areValid(
            SettingDefinitions.MAX_IN_FLIGHT, SettingDefinitions.MAX_IN_FLIGHT_PER_WEBHOOK)) {
      problems.add("RUNHOOK_MAX_IN_FLIGHT must not be less than RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK");
    }
    Duration timeout = get(SettingDefinitions.TIMEOUT);
    Duration maxTimeout = get(SettingDefinitions.MAX_TIMEOUT);
    boolean timeoutTooLong = timeout.compareTo(maxTimeout) > 0;
    if (timeoutTooLong && areValid(SettingDefinitions.TIMEOUT, SettingDefinitions.MAX_TIMEOUT)) {
      problems.add("RUNHOOK_TIMEOUT must not be longer than RUNHOOK_MAX_TIMEOUT");
    }
    return DispatchConfig.of(
            new RetrySchedule(retryDelays),
            new PausePolicy(get(SettingDefinitions.PAUSE_AFTER), retryDelays),
            timeoutTooLong ? maxTimeout : timeout)
        .withMaxTimeout(maxTimeout)
        .withLease(get(SettingDefinitions.LEASE))
        .withConcurrency(maxInFlight, Math.min(maxInFlight, maxInFlightPerWebhook))
        .withMaxBytesInFlight(
            find(SettingDefinitions.MAX_IN_FLIGHT_BYTES)
                .orElse(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP));
  }

  private boolean areValid(Setting<?>... settings) {
    return Stream.of(settings).noneMatch(invalid::contains);
  }

  /// Retention must not drop deliveries that are still being retried. Jitter prolongs each delay by
  /// up to a fifth.
  private void checkRetention(DispatchConfig dispatch) {
    if (!areValid(SettingDefinitions.RETENTION, SettingDefinitions.RETRY_SCHEDULE)) {
      return;
    }
    Duration delays =
        dispatch.retrySchedule().delays().stream().reduce(Duration.ZERO, Duration::plus);
    Duration longestRetry = delays.multipliedBy(6).dividedBy(5);
    if (get(SettingDefinitions.RETENTION).compareTo(longestRetry) < 0) {
      problems.add(
          "RUNHOOK_RETENTION must be at least %s, the sum of RUNHOOK_RETRY_SCHEDULE with jitter"
              .formatted(longestRetry));
    }
  }
}
