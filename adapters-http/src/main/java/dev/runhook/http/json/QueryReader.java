package dev.runhook.http.json;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads query parameters. The parameters that were read are the known ones, and [#requireValid]
/// rejects all others.
public final class QueryReader {
  private static final Pattern UUID_SYNTAX =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final Map<String, List<String>> parameters;
  private final Set<String> known = new LinkedHashSet<>();
  private final FieldErrors errors = new FieldErrors();

  public QueryReader(Map<String, List<String>> parameters) {
    this.parameters = Map.copyOf(parameters);
  }

  /// Reads an optional parameter. An invalid value is reported by [#requireValid].
  ///
  /// @param parser may throw an [IllegalArgumentException], whose message is then reported
  public <T> Optional<T> find(String name, Function<String, T> parser) {
    known.add(name);
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > 1) {
      return reject(name, "occurs " + values.size() + " times; send it once");
    }
    try {
      return values.stream().findFirst().map(parser);
    } catch (IllegalArgumentException e) {
      return reject(name, String.valueOf(e.getMessage()));
    }
  }

  /// Reads a parameter that may occur several times, without duplicates.
  ///
  /// @param parser may throw an [IllegalArgumentException], whose message is then reported
  public <T> Set<T> findAll(String name, int max, Function<String, T> parser) {
    known.add(name);
    List<String> values = parameters.getOrDefault(name, List.of());
    try {
      if (values.size() > max) {
        throw new IllegalArgumentException(
            "occurs " + values.size() + " times; send it at most " + max + " times");
      }
      return values.stream().map(parser).collect(Collectors.toSet());
    } catch (IllegalArgumentException e) {
      reject(name, String.valueOf(e.getMessage()));
      return Set.of();
    }
  }

  /// Parses the id of a resource, without the shorter forms that [UUID#fromString] accepts.
  public static UUID parseId(String text) {
    if (!UUID_SYNTAX.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a UUID");
    }
    return UUID.fromString(text);
  }

  /// Reads the parameters `from` and `to`, and rejects a range that ends before it begins.
  public TimeRange findTimeRange() {
    Optional<Instant> from = find("from", Rfc3339::parseQueryParameter);
    Optional<Instant> to = find("to", Rfc3339::parseQueryParameter);
    if (from.isPresent() && to.filter(from.get()::isAfter).isPresent()) {
      reject("from", "must not be after \"to\"");
    }
    return new TimeRange(from, to);
  }

  /// @param from inclusive
  /// @param to exclusive
  public record TimeRange(Optional<Instant> from, Optional<Instant> to) {}

  /// Rejects a parameter that does not match. A missing one is tested as an empty text.
  public void require(String name, Predicate<String> valid, String error) {
    if (!valid.test(find(name, Function.identity()).orElse(""))) {
      reject(name, error);
    }
  }

  /// @throws ProblemException with all errors, if a parameter is invalid or unknown
  public void requireValid() {
    for (String name : parameters.keySet()) {
      if (!known.contains(name)) {
        reject(name, "unknown parameter; the known ones are " + String.join(", ", known));
      }
    }
    errors.requireNone();
  }

  private <T> Optional<T> reject(String name, String detail) {
    errors.add(Problem.FieldError.inParameter(name, name + ": " + detail));
    return Optional.empty();
  }
}
