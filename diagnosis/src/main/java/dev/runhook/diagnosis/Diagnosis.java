package dev.runhook.diagnosis;

import dev.runhook.domain.event.Payload;
import java.util.List;
import java.util.stream.Collectors;

/// The diagnosis of a signature. It never contains a secret or a signature.
public sealed interface Diagnosis {
  /// The header of the signature, as given or as recognized by its format.
  SignatureHeader header();

  /// The signature is valid for this body and the current secret.
  record Valid(SignatureHeader header) implements Diagnosis {}

  /// The signature is not valid, but these mistakes explain it.
  record Explained(SignatureHeader header, List<SignatureMistake> mistakes) implements Diagnosis {
    public Explained {
      mistakes = List.copyOf(mistakes);
    }
  }

  /// The signature is not valid, and no known mistake or pair of known mistakes explains it.
  ///
  /// @param formatErrors the errors in the signature's format
  /// @param candidatesTried the number of signatures that were compared
  /// @param exhaustive false if the body is so large that not all candidates were tried
  record Unexplained(
      SignatureHeader header,
      List<SignatureMistake> formatErrors,
      int candidatesTried,
      boolean exhaustive)
      implements Diagnosis {
    public Unexplained {
      formatErrors = List.copyOf(formatErrors);
    }
  }

  /// A body after a program parsed it as JSON and serialized it again.
  ///
  /// @param style the serialization style, for users
  public record ReserializedBody(String style, Payload body) {}

  default boolean isValid() {
    return this instanceof Valid;
  }

  /// Returns the mistakes that explain the signature, or its format errors.
  default List<SignatureMistake> causes() {
    return switch (this) {
      case Valid ignored -> List.of();
      case Explained(var ignored, var mistakes) -> mistakes;
      case Unexplained(var ignored, var formatErrors, var ignored2, var ignored3) -> formatErrors;
    };
  }

  /// Returns the diagnosis in a sentence for users.
  default String message() {
    String subject = header().headerName();
    return switch (this) {
      case Valid ignored -> subject + " is valid for this body and this secret";
      case Explained(var ignored, var mistakes) ->
          "%s is not valid: %s. To fix it: %s"
              .formatted(
                  subject,
                  descriptions(mistakes),
                  mistakes.stream()
                      .map(SignatureMistake::fix)
                      .distinct()
                      .collect(Collectors.joining("; ")));
      case Unexplained(var ignored, var errors, int tried, boolean exhaustive) ->
          ("%s is not valid: %sno known mistake leads to this signature (%s tried%s). It was"
                  + " probably created with another secret, or the body was changed")
              .formatted(
                  subject,
                  errors.isEmpty() ? "" : descriptions(errors) + ", and ",
                  tried,
                  exhaustive ? "" : ", but not all because the body is large");
    };
  }

  private static String descriptions(List<SignatureMistake> mistakes) {
    return mistakes.stream()
        .map(SignatureMistake::description)
        .collect(Collectors.joining(", and "));
  }
}
