package dev.runhook.http.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The location of a value in a JSON body. Errors are collected in one list that all paths of the
/// body share.
public final class FieldPath {
  private static final int MAX_ERRORS = 20;

  private final @Nullable FieldPath parent;
  private final String token;
  private final List<Problem.FieldError> errors;
  private final boolean collectsAll;

  private FieldPath(
      @Nullable FieldPath parent,
      String token,
      List<Problem.FieldError> errors,
      boolean collectsAll) {
    this.parent = parent;
    this.token = token;
    this.errors = errors;
    this.collectsAll = collectsAll;
  }

  /// Returns the path of a whole body, with no errors yet.
  public static FieldPath root() {
    return new FieldPath(null, "", new ArrayList<>(), false);
  }

  /// Returns the path of one item of a batch. Errors in the item never end the request, so that the
  /// other items are still decoded.
  static FieldPath itemRoot() {
    return new FieldPath(null, "", new ArrayList<>(), true);
  }

  FieldPath child(String name) {
    return new FieldPath(this, name, errors, collectsAll);
  }

  /// Adds an error at this path.
  ///
  /// @return always empty
  /// @throws ProblemException after the 20th error of a body
  <T> Optional<T> reject(String detail) {
    errors.add(Problem.FieldError.inBody(pointer(), detail));
    if (errors.size() == MAX_ERRORS && !collectsAll) {
      requireValid();
    }
    return Optional.empty();
  }

  int errorCount() {
    return errors.size();
  }

  /// @throws ProblemException if the body has errors; it lists at most 20
  public void requireValid() {
    if (!errors.isEmpty()) {
      throw new ProblemException(
          Problem.validationError(errors.subList(0, Math.min(errors.size(), MAX_ERRORS))));
    }
  }

  /// A JSON Pointer (RFC 6901); empty for the whole body.
  private String pointer() {
    return parent == null
        ? ""
        : parent.pointer() + "/" + token.replace("~", "~0").replace("/", "~1");
  }
}
