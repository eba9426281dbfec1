package dev.runhook.bootstrap.setting;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.signing.IngestSecret;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.text.Durations;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Parsers for the values of settings. They throw [IllegalArgumentException] with a message that
/// follows the name of the variable.
final class SettingParsers {
  private static final int MIN_TOKEN_LENGTH = 24;
  private static final int MIN_TOKEN_VARIETY = 8;

  /// At most nine digits, so that no unit makes the number overflow.
  private static final Pattern BYTES = Pattern.compile("(?i)(\\d{1,9})(|KB|MB|GB)");

  /// Tokens that earlier documentation used as an example.
  private static final Set<String> SAMPLE_TOKENS = Set.of("a-token-of-24-characters-or-more");

  private SettingParsers() {}

  static Function<String, Integer> integer(int min, int max) {
    return text -> {
      if (text.matches("\\d{1,9}")) {
        int number = Integer.parseInt(text);
        if (number >= min && number <= max) {
          return number;
        }
      }
      throw new IllegalArgumentException(
          "must be a whole number from %d to %d, not \"%s\"".formatted(min, max, text));
    };
  }

  /// Parses a number of bytes with an optional unit of 1024, 1024² or 1024³ bytes.
  static Function<String, Long> bytes(long min, long max) {
    return text -> {
      Matcher matcher = BYTES.matcher(text);
      if (matcher.matches()) {
        long unit =
            switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
              case "KB" -> 1L << 10;
              case "MB" -> 1L << 20;
              case "GB" -> 1L << 30;
              default -> 1;
            };
        long bytes = Long.parseLong(matcher.group(1)) * unit;
        if (bytes >= min && bytes <= max) {
          return bytes;
        }
      }
      throw new IllegalArgumentException(
          "must be %d to %d bytes, such as 64MB, not \"%s\"".formatted(min, max, text));
    };
  }

  static Boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false, not \"" + text + "\"");
    };
  }

  static <E extends Enum<E>> Function<String, E> choice(Class<E> choices) {
    Map<String, E> values = new LinkedHashMap<>();
    for (E value : choices.getEnumConstants()) {
      values.put(value.name().toLowerCase(Locale.ROOT), value);
    }
    return text ->
        Optional.ofNullable(values.get(text.toLowerCase(Locale.ROOT)))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "must be one of %s, not \"%s\""
                        .formatted(String.join(", ", values.keySet()), text)));
  }

  static Function<String, Duration> duration(Duration min, Duration max) {
    return quoting(text -> Durations.parse(text, min, max));
  }

  static List<Duration> retrySchedule(String text) {
    if (parts(text).anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("must be a list of delays such as 5s,30s,2m");
    }
    List<Duration> delays = list(quoting(Durations::parse)).apply(text);
    return withErrorPrefix("is not valid: ", _ -> new RetrySchedule(delays).delays()).apply(text);
  }

  /// Puts a prefix before the message of another parser.
  static <T> Function<String, T> withErrorPrefix(String prefix, Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(prefix + e.getMessage(), e);
      }
    };
  }

  /// Appends the invalid value to the message of another parser.
  private static <T> Function<String, T> quoting(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(e.getMessage() + ", not \"" + text + "\"", e);
      }
    };
  }

  static <T> Function<String, List<T>> list(Function<String, T> parse) {
    return text -> parts(text).filter(part -> !part.isEmpty()).map(parse).toList();
  }

  private static Stream<String> parts(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip);
  }

  /// Returns the URL without a slash at its end.
  static URI webUrl(String text) {
    try {
      URI url = new URI(text.replaceFirst("/+$", ""));
      boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      if (http
          && url.getHost() != null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException _) {
      // the message below says what is expected
    }
    throw new IllegalArgumentException(
        "must be a URL such as https://runhook.example.com, not \"" + text + "\"");
  }

  static String token(String text) {
    if (text.length() < MIN_TOKEN_LENGTH || !text.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException(
          "must be " + MIN_TOKEN_LENGTH + " or more printable characters without spaces");
    }
    if (SAMPLE_TOKENS.contains(text) || text.chars().distinct().count() < MIN_TOKEN_VARIETY) {
      throw new IllegalArgumentException(
          "is too easy to guess; create one with \"openssl rand -hex 32\"");
    }
    return text;
  }

  static List<IngestSecret> ingestSecrets(String text) {
    List<IngestSecret> secrets = list(SettingParsers::ingestSecret).apply(text);
    Map<SigningSecret, AccountId> accounts = new HashMap<>();
    for (IngestSecret each : secrets) {
      AccountId other = accounts.putIfAbsent(each.secret(), each.account());
      if (other != null && !other.equals(each.account())) {
        throw new IllegalArgumentException(
            "has the same secret for the accounts %s and %s; give each account its own"
                .formatted(other.name(), each.account().name()));
      }
    }
    return secrets;
  }

  /// Does not quote the account, because it could be a part of a secret.
  private static IngestSecret ingestSecret(String text) {
    String[] parts = text.split(":", 2);
    if (parts.length < 2 || !AccountId.isValid(parts[0])) {
      throw new IllegalArgumentException(
          "must be a comma-separated list of account:secret, such as acme:…");
    }
    String secret = withErrorPrefix("has a secret that ", SettingParsers::token).apply(parts[1]);
    return new IngestSecret(new AccountId(parts[0]), SigningSecret.parse(secret));
  }
}
