package dev.runhook.testkit.memory;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A table: immutable rows by key, in the order of insertion. The copy of a table shares the rows
/// of the original until it changes one, and knows what it has changed. So a transaction costs
/// nothing for the tables that it does not change.
final class Rows<K, V> {
  /// The rows that others share, and that do not change.
  private Map<K, V> base = Map.of();

  private Map<K, V> rows = base;

  /// What changed rows were before; empty for those that were added.
  private Map<K, Optional<V>> before = Map.of();

  @Nullable V get(K key) {
    return rows.get(key);
  }

  Optional<V> find(K key) {
    return Optional.ofNullable(rows.get(key));
  }

  boolean contains(K key) {
    return rows.containsKey(key);
  }

  Collection<V> values() {
    return Collections.unmodifiableCollection(rows.values());
  }

  Collection<K> keys() {
    return Collections.unmodifiableCollection(rows.keySet());
  }

  Map<K, V> toMap() {
    return Collections.unmodifiableMap(rows);
  }

  void put(K key, V value) {
    V old = rows.get(key);
    if (!value.equals(old)) {
      willChange(key, old);
      rows.put(key, value);
    }
  }

  /// Adds a row, unless the key exists.
  ///
  /// @return whether the row was added
  boolean add(K key, V value) {
    boolean isNew = !contains(key);
    if (isNew) {
      put(key, value);
    }
    return isNew;
  }

  /// Changes a row, if the key exists.
  ///
  /// @return whether it does
  boolean update(K key, UnaryOperator<V> change) {
    Optional<V> old = find(key);
    old.ifPresent(row -> put(key, change.apply(row)));
    return old.isPresent();
  }

  /// @return whether the key existed
  boolean remove(K key) {
    V old = rows.get(key);
    if (old != null) {
      willChange(key, old);
      rows.remove(key);
    }
    return old != null;
  }

  void removeIf(BiPredicate<K, V> condition) {
    rows.entrySet().stream()
        .filter(row -> condition.test(row.getKey(), row.getValue()))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::remove);
  }

  private void willChange(K key, @Nullable V old) {
    if (before.isEmpty()) {
      rows = new LinkedHashMap<>(base);
      before = new LinkedHashMap<>();
    }
    before.putIfAbsent(key, Optional.ofNullable(old));
  }

  /// Makes this table a copy of another one, with its changes.
  void copy(Rows<K, V> other) {
    base = other.base;
    boolean isUnchanged = other.before.isEmpty();
    rows = isUnchanged ? base : new LinkedHashMap<>(other.rows);
    before = isUnchanged ? Map.of() : new LinkedHashMap<>(other.before);
  }

  /// Makes the changes of this table to the rows of another one, which has none.
  ///
  /// @throws IllegalStateException if they change a row that others have changed
  @SuppressWarnings("ReferenceEquality") // whether they share their rows
  void rebase(Rows<K, V> committed) {
    if (base == committed.base) {
      return;
    }
    base = committed.base;
    if (before.isEmpty()) {
      rows = base;
      return;
    }
    Map<K, V> merged = new LinkedHashMap<>(base);
    before.forEach((key, old) -> {
      V mine = rows.get(key);
      V theirs = mine == null ? merged.remove(key) : merged.put(key, mine);
      if (!Objects.equals(old.orElse(null), theirs)) {
        throw new IllegalStateException(
            "two open transactions change " + key + "; a real store would let one of them wait");
      }
    });
    rows = merged;
  }

  /// Makes the changes final. After that, this table is only copied.
  void commit() {
    base = rows;
    before = Map.of();
  }
}
