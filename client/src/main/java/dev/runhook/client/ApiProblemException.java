package dev.runhook.client;

import java.io.Serial;

/// The server refused a request. For 429 and 503, the client has already retried.
public final class ApiProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient ApiProblem problem;

  ApiProblemException(ApiProblem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  public ApiProblem problem() {
    return problem;
  }
}
