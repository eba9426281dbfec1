package dev.runhook.domain.setting;

import dev.runhook.domain.text.NamedConstants;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// How a setting is written in JSON: as a boolean, an integer, a string or an array of strings.
///
/// @param <T> the type of the setting in Java
public sealed interface SettingType<T> {
  /// Returns a present value as a [Boolean], an [Integer], a [String], or a [List] of strings.
  Object write(T value);

  /// Reads what [#write] returned, perhaps in a later version.
  ///
  /// @throws IllegalArgumentException if the value is invalid; the message is for users
  T read(Object json);

  /// A boolean that is false unless it is chosen.
  record Toggle() implements SettingType<Boolean> {
    @Override
    public Object write(Boolean value) {
      return value;
    }

    @Override
    public Boolean read(Object json) {
      return require(Boolean.class, json);
    }
  }

  /// An integer from 1.
  record Count(int max) implements SettingType<Optional<Integer>> {
    @Override
    public Object write(Optional<Integer> value) {
      return value.orElseThrow();
    }

    @Override
    public Optional<Integer> read(Object json) {
      int value = require(Integer.class, json);
      if (value < 1 || value > max) {
        throw new IllegalArgumentException("must be an integer from 1 to " + max);
      }
      return Optional.of(value);
    }
  }

  /// A boolean, or neither.
  record Flag() implements SettingType<Optional<Boolean>> {
    @Override
    public Object write(Optional<Boolean> value) {
      return value.orElseThrow();
    }

    @Override
    public Optional<Boolean> read(Object json) {
      return Optional.of(require(Boolean.class, json));
    }
  }

  /// A string.
  record Text<T>(Function<String, T> parser, Function<T, String> writer) implements SettingType<T> {
    @Override
    public Object write(T value) {
      return writer.apply(value);
    }

    @Override
    public T read(Object json) {
      return parser.apply(require(String.class, json));
    }

    /// Returns the type of a setting that may be absent.
    Text<Optional<T>> optional() {
      return new Text<>(parser.andThen(Optional::of), value -> writer.apply(value.orElseThrow()));
    }
  }

  /// An array of strings.
  ///
  /// @param item the type of each item, which is checked on its own
  /// @param collector checks all items together
  /// @param items returns the items in the order in which they are written
  record Texts<E, T>(Text<E> item, Function<List<E>, T> collector, Function<T, List<E>> items)
      implements SettingType<T> {
    @Override
    public Object write(T value) {
      return items.apply(value).stream().map(item::write).toList();
    }

    @Override
    public T read(Object json) {
      List<?> texts = require(List.class, json);
      return collector.apply(texts.stream().map(item::read).toList());
    }

    /// Returns the type of a set, which is written in the natural order of its items.
    static <E extends Comparable<E>> Texts<E, Set<E>> ofSet(Text<E> item) {
      return new Texts<>(item, Set::copyOf, set -> set.stream().sorted().toList());
    }
  }

  /// Returns the type of a constant.
  ///
  /// @param name returns the name of a constant in JSON
  static <E> Text<E> oneOf(List<E> constants, Function<E, String> name) {
    return new Text<>(text -> NamedConstants.find(constants, name, text), name);
  }

  private static <J> J require(Class<J> type, Object json) {
    if (!type.isInstance(json)) {
      throw new IllegalArgumentException("must be a " + type.getSimpleName());
    }
    return type.cast(json);
  }
}
