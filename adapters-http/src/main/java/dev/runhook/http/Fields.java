package dev.runhook.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The fields of one JSON object. What is asked for is what is known: [#make] refuses all else.
final class Fields {
  private final ObjectNode object;
  private final Place place;
  private final int mistakesBefore;
  private final Set<String> known = new LinkedHashSet<>();

  Fields(ObjectNode object, Place place) {
    this.object = object;
    this.place = place;
    this.mistakesBefore = place.mistakes();
  }

  /// A field that must be there.
  <T> Optional<T> required(String name, Form<T> form) {
    known.add(name);
    return object.hasNonNull(name)
        ? read(name, form)
        : place
            .at(name)
            .wrong((object.has(name) ? "is null" : "is missing") + "; it must be given");
  }

  /// A field that may be left out, but not be null.
  <T> Optional<T> given(String name, Form<T> form) {
    known.add(name);
    return object.has(name) ? read(name, form) : Optional.empty();
  }

  /// A field that may be left out, which null does as well.
  <T> Optional<T> optional(String name, Form<T> form) {
    known.add(name);
    return object.hasNonNull(name) ? read(name, form) : Optional.empty();
  }

  /// A field that may be left out, and that null sets back.
  <T> Optional<T> resettable(String name, Form<T> form, T blank) {
    known.add(name);
    return object.path(name).isNull() ? Optional.of(blank) : given(name, form);
  }

  /// What the fields are together, unless one of them is wrong or unknown.
  <T> Optional<T> make(Supplier<T> whole) {
    for (String name : names()) {
      if (!known.contains(name)) {
        place
            .at(name)
            .wrong(
                known.isEmpty()
                    ? "is not known here; leave it out, nothing may be given"
                    : "is not known here; known are " + String.join(", ", known));
      }
    }
    return place.mistakes() > mistakesBefore ? Optional.empty() : Form.made(whole, place);
  }

  /// All names that are there, for objects whose names are the user's own.
  List<String> names() {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private <T> Optional<T> read(String name, Form<T> form) {
    JsonNode value = object.get(name);
    return value.isNull()
        ? place.at(name).wrong("must not be null; leave it out instead")
        : form.read(value, place.at(name));
  }
}
