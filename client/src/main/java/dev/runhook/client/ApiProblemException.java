package dev.runhook.client;

import java.io.Serial;
import java.util.Collection;
import java.util.List;

/// The server refused a request, or the response is not from a Runhook server. For 429 and 503, the
/// client has already retried.
public final class ApiProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient ApiProblem problem;

  ApiProblemException(ApiProblem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  static ApiProblemException notFromServer(int status) {
    return new ApiProblemException(
        new ApiProblem(status, "", "the response is not from a Runhook server", List.of()));
  }

  /// @param buckets whose items are missing from a list
  static ApiProblemException unavailable(Collection<Integer> buckets) {
    return new ApiProblemException(
        new ApiProblem(
            503,
            "store-unavailable",
            "the list is incomplete: buckets %s are unavailable".formatted(buckets),
            List.of()));
  }

  public ApiProblem problem() {
    return problem;
  }
}
