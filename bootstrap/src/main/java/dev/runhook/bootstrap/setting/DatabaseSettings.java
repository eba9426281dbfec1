package dev.runhook.bootstrap.setting;

import static java.util.stream.Collectors.toSet;

import dev.runhook.application.spi.Buckets;
import dev.runhook.outbound.SensitiveUrl;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The connection to an external PostgreSQL server, or to the primary of several servers.
///
/// @param jdbcUrl without user and password
public record DatabaseSettings(String jdbcUrl, Optional<String> user, Optional<String> password) {
  private static final String JDBC = "jdbc:";
  private static final String SCHEME = "postgresql://";

  /// `java.net.URI` does not parse several hosts.
  private static final Pattern URL =
      Pattern.compile(
          "(?:jdbc:postgresql|postgres|postgresql)://(?:(?<userInfo>[^/?#]*)@)?"
              + "(?<hosts>[^/?#@]*)(?<rest>.*)");

  private static final Pattern BUCKETS =
      Pattern.compile("(?<first>\\d{1,2})(?:-(?<last>\\d{1,2}))?=(?<url>.+)");

  private static final Pattern PARAMETER = Pattern.compile("[?&]([^=&]*)=([^&]*)");
  private static final String TARGET = "targetServerType";
  private static final Set<String> PRIMARY_NAMES = Set.of("primary", "master");

  /// Connects without a user and password, or with those in the URL.
  public DatabaseSettings(String jdbcUrl) {
    this(jdbcUrl, Optional.empty(), Optional.empty());
  }

  /// Parses `jdbc:postgresql://host:port/db?…` or `postgresql://user:password@host:port/db?…`, with
  /// one host or several, separated by commas. With several, only the primary is used. The separate
  /// user and password override those in the URL.
  ///
  /// @throws IllegalArgumentException if the URL is invalid; the message does not quote it
  static DatabaseSettings parse(String url, Optional<String> user, Optional<String> password) {
    if (url.startsWith(JDBC + "postgresql:") && !url.startsWith(JDBC + SCHEME)) {
      SensitiveUrl.parse(url.substring(JDBC.length())); // the JDBC driver's form without hosts
      return new DatabaseSettings(url, user, password);
    }
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "must be jdbc:postgresql://host/database or postgresql://user:password@host/database");
    }
    String hosts = parts.group("hosts");
    String rest = parts.group("rest");
    String userInfo = Objects.requireNonNullElse(parts.group("userInfo"), "");
    SensitiveUrl.parse(SCHEME + userInfo + "@host" + rest);
    hosts(hosts).forEach(DatabaseSettings::requireHost);
    DatabaseSettings settings =
        new DatabaseSettings(
            JDBC + SCHEME + hosts + rest,
            user.or(() -> userInfo(userInfo, 0)),
            password.or(() -> userInfo(userInfo, 1)));
    return settings.usingPrimary();
  }

  /// Parses the databases of ranges of buckets, such as `0-7=postgresql://…;8-15=postgresql://…`.
  ///
  /// @return one database for each bucket
  /// @throws IllegalArgumentException if a URL is invalid, or a bucket does not have exactly one
  static List<DatabaseSettings> parseBuckets(
      String text, Buckets buckets, Optional<String> user, Optional<String> password) {
    Map<Integer, DatabaseSettings> byBucket = new TreeMap<>();
    for (String part : text.split(";", -1)) {
      Matcher range = BUCKETS.matcher(part.strip());
      if (!range.matches()) {
        throw new IllegalArgumentException("must be ranges such as 0-7=URL;8-15=URL");
      }
      DatabaseSettings database = parse(range.group("url"), user, password);
      int first = Integer.parseInt(range.group("first"));
      int last = Optional.ofNullable(range.group("last")).map(Integer::parseInt).orElse(first);
      for (int bucket = first; bucket <= last; bucket++) {
        if (byBucket.put(bucket, database) != null) {
          throw new IllegalArgumentException("has two databases for bucket " + bucket);
        }
      }
    }
    if (!byBucket.keySet().equals(IntStream.range(0, buckets.count()).boxed().collect(toSet()))) {
      throw new IllegalArgumentException(
          "must have a database for each bucket from 0 to " + (buckets.count() - 1));
    }
    return List.copyOf(byBucket.values());
  }

  /// Returns the databases of the buckets as [#parseBuckets] accepts them, without passwords.
  public static String formatBuckets(List<DatabaseSettings> byBucket) {
    List<String> ranges = new ArrayList<>();
    int first = 0;
    for (int last = 0; last < byBucket.size(); last++) {
      DatabaseSettings database = byBucket.get(last);
      if (last + 1 == byBucket.size() || !byBucket.get(last + 1).equals(database)) {
        ranges.add((first == last ? "" : first + "-") + last + "=" + database.url());
        first = last + 1;
      }
    }
    return String.join(";", ranges);
  }

  /// Returns the URL with the user and without the password.
  private String url() {
    String url = toString();
    return user.isPresent() && url.startsWith(JDBC + SCHEME)
        ? SCHEME
            + URLEncoder.encode(user.get(), StandardCharsets.UTF_8).replace("+", "%20")
            + "@"
            + url.substring((JDBC + SCHEME).length())
        : url;
  }

  /// Returns the hosts without their ports. Empty if the URL has none.
  public List<String> hosts() {
    Matcher parts = URL.matcher(jdbcUrl);
    return parts.matches()
        ? hosts(parts.group("hosts")).map(DatabaseSettings::requireHost).toList()
        : List.of();
  }

  /// Whether there are several servers, one of which is the primary.
  public boolean isReplicated() {
    return hosts().size() > 1;
  }

  /// Whether the URL sets a parameter of the JDBC driver.
  public boolean sets(String parameter) {
    return PARAMETER.matcher(jdbcUrl).results().anyMatch(set -> set.group(1).equals(parameter));
  }

  /// Without `targetServerType=primary`, the driver would use the first host that accepts a
  /// connection, and a standby accepts reads only.
  private DatabaseSettings usingPrimary() {
    if (PARAMETER
        .matcher(jdbcUrl)
        .results()
        .anyMatch(set -> set.group(1).equals(TARGET) && !PRIMARY_NAMES.contains(set.group(2)))) {
      throw new IllegalArgumentException(
          "must not set " + TARGET + " to anything but primary; Runhook writes to the database");
    }
    if (hosts().size() == 1 || sets(TARGET)) {
      return this;
    }
    String separator = jdbcUrl.contains("?") ? "&" : "?";
    return new DatabaseSettings(jdbcUrl + separator + TARGET + "=primary", user, password);
  }

  private static Stream<String> hosts(String list) {
    return Stream.of(list.split(",", -1));
  }

  private static String requireHost(String hostAndPort) {
    String host = hostAndPort.isEmpty() ? null : SensitiveUrl.parse(SCHEME + hostAndPort).getHost();
    if (host == null) {
      throw new IllegalArgumentException("has no host, or a host that is not valid");
    }
    return host;
  }

  private static Optional<String> userInfo(String userInfo, int part) {
    return Stream.of(userInfo.split(":", 2))
        .skip(part)
        .findFirst()
        .filter(_ -> !userInfo.isEmpty())
        .map(text -> URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
  }

  /// Returns the URL without the password.
  @Override
  public String toString() {
    return Setting.redactUrl(jdbcUrl);
  }
}
