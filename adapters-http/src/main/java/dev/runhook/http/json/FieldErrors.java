package dev.runhook.http.json;

import java.util.ArrayList;
import java.util.List;

/// The errors of a request. Only the first 20 are returned to the client, and each one once.
final class FieldErrors {
  private static final int MAX_ERRORS = 20;

  private final List<Problem.FieldError> errors = new ArrayList<>();
  private int count;

  void add(Problem.FieldError error) {
    count++;
    if (errors.size() < MAX_ERRORS && !errors.contains(error)) {
      errors.add(error);
    }
  }

  int count() {
    return count;
  }

  /// @throws ProblemException if there are errors
  void requireNone() {
    if (count > 0) {
      throw new ProblemException(Problem.validationError(errors));
    }
  }
}
