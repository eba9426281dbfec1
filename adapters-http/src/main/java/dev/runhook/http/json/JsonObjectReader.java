package dev.runhook.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The fields of one JSON object. What is asked for is what is known: [#build] refuses all else.
public final class JsonObjectReader {
  private final ObjectNode object;
  private final FieldPath fieldPath;
  private final int mistakesBefore;
  private final Set<String> known = new LinkedHashSet<>();

  JsonObjectReader(ObjectNode object, FieldPath place) {
    this.object = object;
    this.fieldPath = place;
    this.mistakesBefore = place.errorCount();
  }

  /// A field that must be there.
  public <T> Optional<T> required(String name, Decoder<T> decoder) {
    known.add(name);
    return object.hasNonNull(name)
        ? read(name, decoder)
        : fieldPath
            .child(name)
            .reject((object.has(name) ? "is null" : "is missing") + "; it must be given");
  }

  /// A field that may be left out, but not be null.
  public <T> Optional<T> optionalNonNull(String name, Decoder<T> decoder) {
    known.add(name);
    return object.has(name) ? read(name, decoder) : Optional.empty();
  }

  /// A field that may be left out, which null does as well.
  public <T> Optional<T> optional(String name, Decoder<T> decoder) {
    known.add(name);
    return object.hasNonNull(name) ? read(name, decoder) : Optional.empty();
  }

  /// A field that may be left out, and that null sets back.
  public <T> Optional<T> resettable(String name, Decoder<T> decoder, T blank) {
    known.add(name);
    return object.path(name).isNull() ? Optional.of(blank) : optionalNonNull(name, decoder);
  }

  /// What the fields are together, unless one of them is wrong or unknown.
  public <T> Optional<T> build(Supplier<T> whole) {
    for (String name : fieldNames()) {
      if (!known.contains(name)) {
        fieldPath
            .child(name)
            .reject(
                known.isEmpty()
                    ? "is not known here; leave it out, nothing may be given"
                    : "is not known here; known are " + String.join(", ", known));
      }
    }
    return fieldPath.errorCount() > mistakesBefore
        ? Optional.empty()
        : Decoder.validated(whole, fieldPath);
  }

  /// All names that are there, for objects whose names are the user's own.
  public List<String> fieldNames() {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private <T> Optional<T> read(String name, Decoder<T> decoder) {
    JsonNode value = object.get(name);
    return value.isNull()
        ? fieldPath.child(name).reject("must not be null; leave it out instead")
        : decoder.decode(value, fieldPath.child(name));
  }
}
