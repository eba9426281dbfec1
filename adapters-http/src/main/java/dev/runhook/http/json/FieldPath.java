package dev.runhook.http.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A place in a body, where a mistake may be noted. All places of one body share one list of
/// mistakes.
public final class FieldPath {
  private static final int MOST_MISTAKES = 20;

  private final @Nullable FieldPath parent;
  private final String token;
  private final List<Problem.FieldError> errorCount;
  private final boolean patient;

  private FieldPath(
      @Nullable FieldPath parent,
      String token,
      List<Problem.FieldError> mistakes,
      boolean patient) {
    this.parent = parent;
    this.token = token;
    this.errorCount = mistakes;
    this.patient = patient;
  }

  /// The whole of a body in which no mistake is known yet.
  public static FieldPath root() {
    return new FieldPath(null, "", new ArrayList<>(), false);
  }

  /// The whole of one item among others, whose mistakes must not keep the others from being read.
  static FieldPath itemRoot() {
    return new FieldPath(null, "", new ArrayList<>(), true);
  }

  FieldPath child(String name) {
    return new FieldPath(this, name, errorCount, patient);
  }

  FieldPath child(int index) {
    return child(Integer.toString(index));
  }

  /// Notes a mistake here; there is no value then. After the first twenty there is no point in
  /// going on.
  <T> Optional<T> reject(String detail) {
    errorCount.add(Problem.FieldError.inBody(pointer(), detail));
    if (errorCount.size() == MOST_MISTAKES && !patient) {
      requireValid();
    }
    return Optional.empty();
  }

  int errorCount() {
    return errorCount.size();
  }

  public void requireValid() {
    if (!errorCount.isEmpty()) {
      throw new ProblemException(
          Problem.validationError(
              errorCount.subList(0, Math.min(errorCount.size(), MOST_MISTAKES))));
    }
  }

  /// As in RFC 6901; empty for the whole body.
  private String pointer() {
    return parent == null
        ? ""
        : parent.pointer() + "/" + token.replace("~", "~0").replace("/", "~1");
  }
}
