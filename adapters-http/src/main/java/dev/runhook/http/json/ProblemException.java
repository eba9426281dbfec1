package dev.runhook.http.json;

import java.io.Serial;
import java.util.List;

/// Ends a request that cannot be served as it was sent.
public final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.title(), null, false, false);
    this.problem = problem;
  }

  public static ProblemException validationError(Problem.FieldError fieldError) {
    return new ProblemException(Problem.validationError(List.of(fieldError)));
  }

  public Problem problem() {
    return problem;
  }
}
