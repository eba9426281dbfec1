package dev.runhook.domain.text;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Constants that users choose by their names.
public final class NamedConstants {
  private NamedConstants() {}

  /// Returns the constant with that name.
  ///
  /// @param naming returns the name of a constant
  /// @throws IllegalArgumentException if there is none; the message follows the name of a field,
  ///   and lists the valid names
  public static <E> E find(List<E> constants, Function<E, String> naming, String name) {
    return constants.stream()
        .filter(constant -> naming.apply(constant).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "must be one of "
                    + constants.stream().map(naming).collect(Collectors.joining(", "))));
  }
}
