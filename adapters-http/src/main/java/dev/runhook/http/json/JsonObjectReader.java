package dev.runhook.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads the fields of one JSON object. The fields that were read are the known ones, and [#build]
/// rejects all others.
public final class JsonObjectReader {
  private final ObjectNode object;
  private final FieldPath path;
  private final int errorsBefore;
  private final Set<String> known = new LinkedHashSet<>();

  private JsonObjectReader(ObjectNode object, FieldPath path) {
    this.object = object;
    this.path = path;
    this.errorsBefore = path.errors().count();
  }

  /// Returns a decoder of an object with these fields.
  public static <T> Decoder<T> decoder(Function<JsonObjectReader, Optional<T>> fields) {
    return (value, path) ->
        Decoder.OBJECT
            .decode(value, path)
            .flatMap(object -> fields.apply(new JsonObjectReader(object, path)));
  }

  /// Reads a field that must be present and not null.
  public <T> Optional<T> required(String name, Decoder<T> decoder) {
    known.add(name);
    return object.hasNonNull(name)
        ? read(name, decoder)
        : path.child(name).reject(object.has(name) ? "must not be null" : "is required");
  }

  /// Reads a field that may be absent, but not null.
  public <T> Optional<T> optionalNonNull(String name, Decoder<T> decoder) {
    known.add(name);
    return object.has(name) ? read(name, decoder) : Optional.empty();
  }

  /// Reads a field that may be absent or null.
  public <T> Optional<T> optional(String name, Decoder<T> decoder) {
    known.add(name);
    return object.hasNonNull(name) ? read(name, decoder) : Optional.empty();
  }

  /// Returns a reader of the object at a JSON Pointer (RFC 6901). It may be absent or null, and so
  /// may those around it.
  public Optional<JsonObjectReader> objectAt(String pointer) {
    int end = pointer.lastIndexOf('/');
    return end < 0
        ? Optional.of(this)
        : objectAt(pointer.substring(0, end))
            .flatMap(object -> object.optional(pointer.substring(end + 1), decoder(Optional::of)));
  }

  /// Reads a field that may be absent. Null resets it to a default.
  public <T> Optional<T> resettable(String name, Decoder<T> decoder, T defaultValue) {
    known.add(name);
    return object.path(name).isNull() ? Optional.of(defaultValue) : optionalNonNull(name, decoder);
  }

  /// Builds a value from the fields. Returns empty if a field is invalid or unknown.
  public <T> Optional<T> build(Supplier<T> value) {
    for (String name : fieldNames()) {
      if (!known.contains(name)) {
        path.child(name)
            .reject(
                known.isEmpty()
                    ? "unknown field; this object must be empty"
                    : "unknown field; the known fields are " + String.join(", ", known));
      }
    }
    return buildIgnoringOthers(value);
  }

  /// Builds a value from the fields and accepts unknown ones, for objects that another system
  /// defines. Returns empty if a field is invalid.
  public <T> Optional<T> buildIgnoringOthers(Supplier<T> value) {
    return path.errors().count() > errorsBefore ? Optional.empty() : Decoder.validated(value, path);
  }

  /// Builds a value that is read at the same time. If reading it reports an error, no other is
  /// reported and the result is empty.
  public <T> Optional<T> buildWhileReading(Supplier<T> value) {
    int before = path.errors().count();
    try {
      T built = value.get();
      return path.errors().count() > before ? Optional.empty() : Optional.of(built);
    } catch (IllegalArgumentException e) {
      return path.errors().count() > before
          ? Optional.empty()
          : path.reject(String.valueOf(e.getMessage()));
    }
  }

  /// Returns the names of all fields, for objects with names that the user chooses.
  public List<String> fieldNames() {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private <T> Optional<T> read(String name, Decoder<T> decoder) {
    JsonNode value = object.get(name);
    return value.isNull()
        ? path.child(name).reject("must not be null; omit it instead")
        : decoder.decode(value, path.child(name));
  }
}
