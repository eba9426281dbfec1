package dev.runhook.bootstrap.cli.client;

import dev.runhook.client.ApiProblem;
import dev.runhook.domain.text.Printable;

/// Describes why the server refused a request, and how to fix it.
public final class ProblemMessage {
  private ProblemMessage() {}

  public static String of(ApiProblem problem) {
    return switch (problem.type()) {
      case "" ->
          "the response (status %d) is not from a Runhook server; check the URL"
              .formatted(problem.status());
      case "not-authenticated" ->
          "the server does not accept the token; check it, and run ./runhook login";
      default -> Printable.line(problem.detail());
    };
  }
}
