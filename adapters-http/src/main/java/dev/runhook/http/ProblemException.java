package dev.runhook.http;

import java.io.Serial;
import java.util.List;

/// Ends a request that cannot be served as it was sent.
final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.title(), null, false, false);
    this.problem = problem;
  }

  static ProblemException badInput(Problem.Mistake mistake) {
    return new ProblemException(Problem.badInput(List.of(mistake)));
  }

  Problem problem() {
    return problem;
  }
}
