package dev.runhook.http.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An error as RFC 9457 tells it.
///
/// @param type a URI that stays the same for the same kind of problem
/// @param detail what is wrong this time, and how to mend it
/// @param errors for bad input: each place with its own detail
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type, String title, int status, String detail, @Nullable List<FieldError> errors) {
  public static final String MEDIA_TYPE = "application/problem+json";
  private static final String TYPES = "urn:runhook:problem:";

  /// One thing that is wrong with what was sent.
  ///
  /// @param pointer where in the body, as a JSON Pointer (RFC 6901); absent where it is a parameter
  /// @param parameter the name of the parameter of the path or query; absent where it is in the
  ///   body
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FieldError(@Nullable String pointer, @Nullable String parameter, String detail) {
    static FieldError inBody(String pointer, String detail) {
      return new FieldError(pointer, null, detail);
    }

    public static FieldError inParameter(String parameter, String detail) {
      return new FieldError(null, parameter, detail);
    }

    private String sentence() {
      return pointer == null || pointer.isEmpty() ? detail : pointer + ": " + detail;
    }
  }

  /// @param kind the last part of its type, such as `endpoint-taken`; its title is the same in
  ///   words
  public static Problem of(int status, String kind, String detail) {
    String words = kind.replace('-', ' ');
    return new Problem(
        TYPES + kind,
        Character.toUpperCase(words.charAt(0)) + words.substring(1),
        status,
        detail,
        null);
  }

  /// The problem that a bare status tells, where nothing more is known.
  public static Problem ofStatus(int status) {
    return switch (status) {
      case 404 ->
          of(
              404,
              "no-such-route",
              "there is nothing at this path; see the API's documentation for what there is");
      case 405 ->
          of(
              405,
              "method-not-allowed",
              "this path does not know the method; the header Allow tells which it knows");
      case 500 -> of(500, "internal-error", "something is wrong on our side; the log tells more");
      case 503 ->
          of(503, "stopping", "this server stops; try again, and another one or the next answers");
      default ->
          of(
              status,
              HttpStatus.forStatus(status)
                  .getMessage()
                  .toLowerCase(Locale.ROOT)
                  .replaceAll("[^a-z]+", "-"),
              "the request could not be read as HTTP; check its path, headers and body");
    };
  }

  static Problem validationError(List<FieldError> mistakes) {
    String detail =
        mistakes.size() == 1
            ? mistakes.getFirst().sentence()
            : mistakes.size() + " things are wrong with the request; see errors";
    return of(400, "bad-input", detail).withErrors(mistakes);
  }

  Problem withErrors(List<FieldError> mistakes) {
    return new Problem(type, title, status, detail, List.copyOf(mistakes));
  }

  public Problem withErrorAt(String pointer) {
    return withErrors(List.of(FieldError.inBody(pointer, detail)));
  }
}
