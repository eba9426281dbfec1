package dev.runhook.http.json;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The location of a value in a JSON body. Errors are collected in one list that all paths of the
/// body share.
///
/// @param parent null for the whole body
record FieldPath(@Nullable FieldPath parent, String token, FieldErrors errors) {
  /// Returns the path of a whole body, with no errors yet.
  static FieldPath root() {
    return new FieldPath(null, "", new FieldErrors());
  }

  FieldPath child(String name) {
    return new FieldPath(this, name, errors);
  }

  /// Adds an error at this path.
  ///
  /// @return always empty
  <T> Optional<T> reject(String detail) {
    errors.add(Problem.FieldError.inBody(pointer(), detail));
    return Optional.empty();
  }

  /// A JSON Pointer (RFC 6901); empty for the whole body.
  private String pointer() {
    return parent == null
        ? ""
        : parent.pointer() + "/" + token.replace("~", "~0").replace("/", "~1");
  }
}
