package dev.runhook.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// Why the server refused a request or an item of a batch.
///
/// @param status the HTTP status
/// @param type the kind of problem, such as `no-such-run`, from the table in `docs/api.md`; empty
///   if the response is not from Runhook, for example from a proxy
/// @param detail what is wrong and how to fix it, in a sentence
/// @param errors the errors of an invalid request, each with its location
public record ApiProblem(int status, String type, String detail, List<String> errors) {
  private static final String TYPES = "urn:runhook:problem:";

  public ApiProblem {
    errors = List.copyOf(errors);
  }

  /// @param document a problem document (RFC 9457), or any other JSON
  static ApiProblem of(int status, JsonNode document) {
    String type = document.path("type").asText("");
    if (!type.startsWith(TYPES)) {
      return new ApiProblem(status, "", "the response has no problem document", List.of());
    }
    List<String> errors = new ArrayList<>();
    for (JsonNode error : document.path("errors")) {
      String location = error.path("pointer").asText(error.path("parameter").asText(""));
      errors.add((location.isEmpty() ? "" : location + ": ") + error.path("detail").asText());
    }
    return new ApiProblem(
        status, type.substring(TYPES.length()), document.path("detail").asText(), errors);
  }

  @Override
  public String toString() {
    return status + " " + type + ": " + detail + (errors.isEmpty() ? "" : " " + errors);
  }
}
