package dev.runhook.http.json;

import java.io.Serial;
import java.util.List;

/// Ends a request with a problem as the response.
public final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.title(), null, false, false);
    this.problem = problem;
  }

  /// @param name the name of the path parameter, query parameter or header
  public static ProblemException inParameter(String name, String detail) {
    return new ProblemException(
        Problem.validationError(List.of(Problem.FieldError.inParameter(name, detail))));
  }

  public Problem problem() {
    return problem;
  }
}
