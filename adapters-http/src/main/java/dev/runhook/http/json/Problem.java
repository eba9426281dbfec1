package dev.runhook.http.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A problem document (RFC 9457).
///
/// @param type a stable URI that identifies this kind of problem
/// @param detail what is wrong in this case, and how to fix it
/// @param errors the errors of an invalid request, each with its location
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type, String title, int status, String detail, @Nullable List<FieldError> errors) {
  public static final String MEDIA_TYPE = "application/problem+json";
  private static final String TYPES = "urn:runhook:problem:";

  /// One error in a request.
  ///
  /// @param pointer the location in the body, as a JSON Pointer (RFC 6901); absent for a parameter
  /// @param parameter the name of the path parameter, query parameter or header; absent for the
  ///   body
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FieldError(@Nullable String pointer, @Nullable String parameter, String detail) {
    static FieldError inBody(String pointer, String detail) {
      return new FieldError(pointer, null, detail);
    }

    static FieldError inParameter(String parameter, String detail) {
      return new FieldError(null, parameter, detail);
    }

    private String message() {
      return pointer == null || pointer.isEmpty() ? detail : pointer + ": " + detail;
    }
  }

  /// @param kind the last part of the type, such as `endpoint-taken`; the title is derived from it
  public static Problem of(int status, String kind, String detail) {
    String words = kind.replace('-', ' ');
    return new Problem(
        TYPES + kind,
        Character.toUpperCase(words.charAt(0)) + words.substring(1),
        status,
        detail,
        null);
  }

  /// Returns a general problem for a status.
  public static Problem ofStatus(int status) {
    return switch (status) {
      case 404 -> of(404, "not-found", "there is nothing at this path; see the API reference");
      case 405 -> of(405, "method-not-allowed", "method not allowed; see the Allow header");
      case 500 -> of(500, "internal-error", "internal error; see the server log");
      case 503 -> of(503, "shutting-down", "this server is shutting down; try again");
      default ->
          of(
              status,
              HttpStatus.forStatus(status)
                  .getMessage()
                  .toLowerCase(Locale.ROOT)
                  .replaceAll("[^a-z]+", "-"),
              "the request is not valid HTTP; check its path, headers and body");
    };
  }

  static Problem validationError(List<FieldError> errors) {
    String detail =
        errors.size() == 1
            ? errors.getFirst().message()
            : "the request has " + errors.size() + " errors; see \"errors\"";
    return of(400, "validation-error", detail).withErrors(errors);
  }

  private Problem withErrors(List<FieldError> errors) {
    return new Problem(type, title, status, detail, List.copyOf(errors));
  }

  /// Returns this problem with its detail as an error at a location in the body.
  public Problem withErrorAt(String pointer) {
    return withErrors(List.of(FieldError.inBody(pointer, detail)));
  }
}
