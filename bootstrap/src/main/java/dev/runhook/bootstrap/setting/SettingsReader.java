package dev.runhook.bootstrap.setting;

import dev.runhook.bootstrap.setting.Settings.Delivering;
import dev.runhook.bootstrap.setting.Settings.Logs;
import dev.runhook.bootstrap.setting.Settings.ServerRole;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.egress.Network;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads settings and reports all problems at once. A variable of ours that is not known is a
/// problem too: it is most likely a typing error.
final class SettingsReader {
  private static final String PREFIX = "RUNHOOK_";
  private static final int SHORTEST_TOKEN = 24;
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

  private final Map<String, String> variables;
  private final Set<String> known = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  private SettingsReader(Map<String, String> variables) {
    this.variables = variables;
  }

  static Settings read(Map<String, String> variables) {
    return new SettingsReader(variables).settings();
  }

  /// The environment wins over the file.
  static Settings read(Map<String, String> environment, Path file) {
    Map<String, String> all = new HashMap<>();
    if (Files.exists(file)) {
      properties(file).forEach((key, value) -> all.put(variableOf((String) key), (String) value));
    }
    all.putAll(environment);
    return read(all);
  }

  private static Properties properties(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(file + " cannot be read: " + e.getMessage());
    }
    return properties;
  }

  private static String variableOf(String key) {
    String variable = key.toUpperCase(Locale.ROOT).replace('.', '_');
    return variable.startsWith(PREFIX) ? variable : PREFIX + variable;
  }

  private Settings settings() {
    String host = read("HOST", "127.0.0.1", Function.identity());
    int port = read("PORT", "8080", text -> number(text, 0, 65_535));
    Optional<DatabaseSettings> database = database();
    Path dataDir = read("DATA_DIR", "./data", Path::of);
    AccountId account = read("ACCOUNT", "default", AccountId::new);
    Optional<String> adminToken = optional("ADMIN_TOKEN", SettingsReader::token);
    int rateLimit = read("RATE_LIMIT", "0", text -> number(text, 0, 1_000_000));
    List<Network> allowed = read("ALLOWED_NETWORKS", "", text -> list(text, Network::parse));
    Delivering delivering = delivering();
    Duration retention =
        read("RETENTION", "30d", text -> between(text, Duration.ofDays(1), Duration.ofDays(3650)));
    ServerRole role = read("ROLE", "all", text -> choice(text, ServerRole.values()));
    Logs logs =
        new Logs(
            read("LOG_FORMAT", "text", text -> choice(text, Logs.Format.values())),
            read("LOG_LEVEL", "info", text -> choice(text, Logs.Level.values())));
    refuseShortRetention(delivering, retention);
    refuseUnknown();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new Settings(
        host,
        port,
        database,
        dataDir,
        account,
        adminToken,
        rateLimit,
        allowed,
        delivering,
        retention,
        role,
        logs);
  }

  private Optional<DatabaseSettings> database() {
    Optional<String> user = optional("DATABASE_USER", Function.identity());
    Optional<String> password = optional("DATABASE_PASSWORD", Function.identity());
    return optional("DATABASE_URL", url -> DatabaseSettings.parse(url, user, password));
  }

  private Delivering delivering() {
    Delivering delivering =
        new Delivering(
            read("TIMEOUT", "10s", text -> between(text, Duration.ofMillis(100), LONGEST_TIMEOUT)),
            read("RETRY_SCHEDULE", "5s,30s,2m,10m,30m,2h,5h,10h,10h", SettingsReader::schedule),
            read("PAUSE_AFTER", "10", text -> number(text, 1, 1_000_000)),
            read("MAX_IN_FLIGHT", "1024", text -> number(text, 1, 100_000)),
            read("MAX_IN_FLIGHT_PER_WEBHOOK", "64", text -> number(text, 1, 100_000)),
            read("SHA1_SIGNATURE", "true", SettingsReader::flag));
    if (problems.isEmpty() && delivering.maxInFlight() < delivering.maxInFlightPerWebhook()) {
      problems.add("RUNHOOK_MAX_IN_FLIGHT must not be less than RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK");
    }
    return delivering;
  }

  private <T> T read(String name, String usual, Function<String, T> parse) {
    return parsed(name, given(name).orElse(usual), parse).orElseGet(() -> parse.apply(usual));
  }

  private <T> Optional<T> optional(String name, Function<String, T> parse) {
    return given(name).flatMap(text -> parsed(name, text, parse));
  }

  private Optional<String> given(String name) {
    known.add(PREFIX + name);
    return Optional.ofNullable(variables.get(PREFIX + name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private <T> Optional<T> parsed(String name, String text, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException e) {
      problems.add(PREFIX + name + " " + e.getMessage());
      return Optional.empty();
    }
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

  private void refuseUnknown() {
    variables.keySet().stream()
        .filter(name ->
            name.startsWith(PREFIX) && !known.contains(name) && !name.equals("RUNHOOK_JAVA_OPTS"))
        .sorted()
        .forEach(
            name -> problems.add(name + " is not a setting of Runhook; see docs/configuration.md"));
  }

  private static int number(String text, int least, int most) {
    if (!text.matches("\\d{1,9}")
        || Integer.parseInt(text) < least
        || Integer.parseInt(text) > most) {
      throw new IllegalArgumentException(
          "must be a whole number from " + least + " to " + most + ", not \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  private static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false, not \"" + text + "\"");
    };
  }

  private static <E extends Enum<E>> E choice(String text, E[] values) {
    return Arrays.stream(values)
        .filter(value -> value.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "must be one of " + names(values) + ", not \"" + text + "\""));
  }

  private static String names(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static List<Duration> schedule(String text) {
    List<Duration> waits = list(text, Durations::parse);
    if (waits.isEmpty()
        || waits.stream().anyMatch(wait -> wait.compareTo(Duration.ofDays(7)) > 0)) {
      throw new IllegalArgumentException(
          "must be waits between attempts of at most 7d each, such as 5s,30s,2m");
    }
    return waits;
  }

  private static Duration between(String text, Duration least, Duration most) {
    Duration duration = Durations.parse(text);
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "must be from " + least + " to " + most + ", not \"" + text + "\"");
    }
    return duration;
  }

  private static <T> List<T> list(String text, Function<String, T> parse) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .map(parse)
        .toList();
  }

  private static String token(String text) {
    if (text.length() < SHORTEST_TOKEN || !text.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException(
          "must be " + SHORTEST_TOKEN + " or more printable characters without spaces");
    }
    return text;
  }
}
