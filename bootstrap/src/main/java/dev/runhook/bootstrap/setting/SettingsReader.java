package dev.runhook.bootstrap.setting;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.spi.Buckets;
import dev.runhook.bootstrap.setting.Settings.EgressSettings;
import dev.runhook.bootstrap.setting.Settings.EncryptionSettings;
import dev.runhook.bootstrap.setting.Settings.LimitSettings;
import dev.runhook.bootstrap.setting.Settings.OutboundSettings;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.http.server.ConnectionLimits;
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
  private final Map<Setting<?>, EffectiveSetting> read = new HashMap<>();
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
    Buckets buckets = read(SettingDefinitions.BUCKETS);
    Optional<DatabaseSettings> database = database();
    List<DatabaseSettings> bucketDatabases = bucketDatabases(buckets);
    Settings settings =
        new Settings(
            read(SettingDefinitions.HOST),
            read(SettingDefinitions.PORT),
            find(SettingDefinitions.PUBLIC_URL),
            bucketDatabases.stream().findFirst().or(() -> database),
            buckets,
            bucketDatabases,
            read(SettingDefinitions.ALLOW_UNSAFE_DATABASE),
            read(SettingDefinitions.DATA_DIR),
            read(SettingDefinitions.ACCOUNT),
            find(SettingDefinitions.ADMIN_TOKEN),
            new EncryptionSettings(
                find(SettingDefinitions.ENCRYPTION_KEY),
                find(SettingDefinitions.ENCRYPTION_KEY_PREVIOUS).orElse(List.of())),
            read(SettingDefinitions.SECRETS_VISIBLE_TO),
            find(SettingDefinitions.BOOTSTRAP_FILE),
            find(SettingDefinitions.INGEST_SECRETS).orElse(List.of()),
            limits(),
            new EgressSettings(
                read(SettingDefinitions.ALLOWED_NETWORKS),
                read(SettingDefinitions.DENIED_NETWORKS),
                read(SettingDefinitions.HTTPS_ONLY)),
            outbound(),
            dispatch(),
            read(SettingDefinitions.LAGGING_AFTER),
            read(SettingDefinitions.SHA1_SIGNATURE),
            read(SettingDefinitions.RETENTION),
            read(SettingDefinitions.ROLE),
            new LogSettings(
                read(SettingDefinitions.LOG_FORMAT), read(SettingDefinitions.LOG_LEVEL)),
            find(SettingDefinitions.OTLP_ENDPOINT),
            effective());
    checkRetention(settings);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return settings;
  }

  private List<EffectiveSetting> effective() {
    if (!read.keySet().containsAll(SettingDefinitions.ALL)) { // every test of settings detects this
      throw new IllegalStateException("a setting is defined but never read");
    }
    return SettingDefinitions.ALL.stream().map(read::get).toList();
  }

  private Optional<DatabaseSettings> database() {
    Optional<String> user = find(SettingDefinitions.DATABASE_USER);
    Optional<String> password = find(SettingDefinitions.DATABASE_PASSWORD);
    Optional<DatabaseSettings> database =
        find(SettingDefinitions.DATABASE_URL, url -> DatabaseSettings.parse(url, user, password));
    if (database.isEmpty()
        && find(SettingDefinitions.BUCKET_URLS).isEmpty()
        && !invalid.contains(SettingDefinitions.DATABASE_URL)
        && (user.isPresent() || password.isPresent())) {
      problems.add("RUNHOOK_DATABASE_URL is missing, but a user or password for it is set");
    }
    return database;
  }

  private List<DatabaseSettings> bucketDatabases(Buckets buckets) {
    List<DatabaseSettings> databases =
        find(
                SettingDefinitions.BUCKET_URLS,
                text ->
                    DatabaseSettings.parseBuckets(
                        text,
                        buckets,
                        find(SettingDefinitions.DATABASE_USER),
                        find(SettingDefinitions.DATABASE_PASSWORD)))
            .orElse(List.of());
    if (!databases.isEmpty() && find(SettingDefinitions.DATABASE_URL).isPresent()) {
      problems.add("RUNHOOK_BUCKET_URLS and RUNHOOK_DATABASE_URL must not both be set");
    }
    return databases;
  }

  private LimitSettings limits() {
    return new LimitSettings(
        read(SettingDefinitions.RATE_LIMIT),
        read(SettingDefinitions.TRANSITION_RATE_LIMIT),
        new ConnectionLimits(
            read(SettingDefinitions.MAX_CONNECTIONS),
            read(SettingDefinitions.MAX_CONNECTIONS_PER_ADDRESS)),
        read(SettingDefinitions.MAX_STACKS),
        read(SettingDefinitions.MAX_WEBHOOKS),
        read(SettingDefinitions.MAX_WEBHOOKS_PER_STACK));
  }

  private OutboundSettings outbound() {
    return new OutboundSettings(
        find(SettingDefinitions.EGRESS_PROXY),
        find(SettingDefinitions.EXTRA_CA_FILE).orElse(List.of()));
  }

  private DispatchConfig dispatch() {
    List<Duration> retryDelays = read(SettingDefinitions.RETRY_SCHEDULE);
    int maxInFlight = read(SettingDefinitions.MAX_IN_FLIGHT);
    int maxInFlightPerWebhook = read(SettingDefinitions.MAX_IN_FLIGHT_PER_WEBHOOK);
    if (maxInFlight < maxInFlightPerWebhook
        && areValid(
            SettingDefinitions.MAX_IN_FLIGHT, SettingDefinitions.MAX_IN_FLIGHT_PER_WEBHOOK)) {
      problems.add("RUNHOOK_MAX_IN_FLIGHT must not be less than RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK");
    }
    Duration timeout = read(SettingDefinitions.TIMEOUT);
    Duration maxTimeout = read(SettingDefinitions.MAX_TIMEOUT);
    boolean timeoutTooLong = timeout.compareTo(maxTimeout) > 0;
    if (timeoutTooLong && areValid(SettingDefinitions.TIMEOUT, SettingDefinitions.MAX_TIMEOUT)) {
      problems.add("RUNHOOK_TIMEOUT must not be longer than RUNHOOK_MAX_TIMEOUT");
    }
    return DispatchConfig.of(
            new RetrySchedule(retryDelays),
            new PausePolicy(read(SettingDefinitions.PAUSE_AFTER), retryDelays),
            timeoutTooLong ? maxTimeout : timeout)
        .withMaxTimeout(maxTimeout)
        .withLease(read(SettingDefinitions.LEASE))
        .withConcurrency(maxInFlight, Math.min(maxInFlight, maxInFlightPerWebhook))
        .withMaxBytesInFlight(
            find(SettingDefinitions.MAX_IN_FLIGHT_BYTES)
                .orElse(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP));
  }

  /// Returns the default for an invalid value, so that all other settings are checked too.
  private <T> T read(Setting<T> setting) {
    return find(setting).orElseGet(() -> setting.parse().apply(setting.defaultValue()));
  }

  private <T> Optional<T> find(Setting<T> setting) {
    return find(setting, setting.parse());
  }

  private <T> Optional<T> find(Setting<?> setting, Function<String, T> parser) {
    int before = problems.size();
    Optional<SettingSources.RawValue> found = sources.find(setting);
    read.put(setting, EffectiveSetting.of(setting, found));
    Optional<T> value = found.flatMap(raw -> parse(raw, parser));
    if (problems.size() > before) {
      invalid.add(setting);
    }
    return value;
  }

  private <T> Optional<T> parse(SettingSources.RawValue value, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(value.text()));
    } catch (IllegalArgumentException e) {
      problems.add(value.variable() + " " + e.getMessage());
      return Optional.empty();
    }
  }

  private boolean areValid(Setting<?>... settings) {
    return Stream.of(settings).noneMatch(invalid::contains);
  }

  /// Retention must not drop deliveries that are still being retried. Jitter prolongs each delay by
  /// up to a fifth.
  private void checkRetention(Settings settings) {
    if (!areValid(SettingDefinitions.RETENTION, SettingDefinitions.RETRY_SCHEDULE)) {
      return;
    }
    Duration delays =
        settings.dispatch().retrySchedule().delays().stream().reduce(Duration.ZERO, Duration::plus);
    Duration longestRetry = delays.multipliedBy(6).dividedBy(5);
    if (settings.retention().compareTo(longestRetry) < 0) {
      problems.add(
          "RUNHOOK_RETENTION must be at least %s, the sum of RUNHOOK_RETRY_SCHEDULE with jitter"
              .formatted(longestRetry));
    }
  }
}
