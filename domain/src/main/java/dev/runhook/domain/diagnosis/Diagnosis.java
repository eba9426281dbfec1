package dev.runhook.domain.diagnosis;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What was found of a signature. Nothing in it gives away a secret or a signature.
public sealed interface Diagnosis {
  /// The header that the signature is of, or was taken for.
  SignatureHeader header();

  /// It is the signature of this body with the current secret.
  record Valid(SignatureHeader header) implements Diagnosis {}

  /// It is not, and these mistakes, made together, give the very signature.
  record Explained(SignatureHeader header, List<SignatureMistake> mistakes) implements Diagnosis {
    public Explained {
      mistakes = List.copyOf(mistakes);
    }
  }

  /// It is not, and no known mistake nor two of them give it.
  ///
  /// @param flaws what is wrong with how it is written, whatever it is
  /// @param tries how many signatures were made to compare
  /// @param complete false where the body is so large that not all was tried
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

  /// Examines the evidence. The work is bounded, whatever the size of the body.
  ///
  /// @param rewritings the ways in which programs write the body when they have parsed it; asked
  ///   for several times, taken one by one
  static Diagnosis of(
      DiagnosisInput diagnosisInput, Keyring keys, Supplier<Stream<ReserializedBody>> rewritings) {
    return new MistakeSearch(diagnosisInput, keys, rewritings).diagnose();
  }

  default boolean isValid() {
    return this instanceof Valid;
  }

  /// The mistakes that explain it, or the flaws that are plain to see.
  default List<SignatureMistake> causes() {
    return switch (this) {
      case Valid _ -> List.of();
      case Explained(_, List<SignatureMistake> mistakes) -> mistakes;
      case Unexplained(_, List<SignatureMistake> flaws, _, _) -> flaws;
    };
  }

  /// All that was found, for people.
  default String message() {
    return switch (this) {
      case Valid(SignatureHeader header) ->
          header.headerName() + " verifies: it is the signature of this body with this secret";
      case Explained(SignatureHeader header, List<SignatureMistake> mistakes) ->
          header.headerName()
              + " does not verify: "
              + told(mistakes)
              + ". To mend it: "
              + mended(mistakes);
      case Unexplained(
              SignatureHeader header,
              List<SignatureMistake> flaws,
              int tries,
              boolean complete) ->
          header.headerName()
              + " does not verify: "
              + (flaws.isEmpty() ? "" : told(flaws) + "; besides, ")
              + "no known mistake gives this signature ("
              + tries
              + (complete ? " tried" : " tried, not all: the body is large")
              + "). Most likely it was made with another secret, or the body was changed";
    };
  }

  private static String told(List<SignatureMistake> mistakes) {
    return mistakes.stream()
        .map(SignatureMistake::description)
        .collect(Collectors.joining(", and "));
  }

  private static String mended(List<SignatureMistake> mistakes) {
    return mistakes.stream()
        .map(SignatureMistake::fix)
        .distinct()
        .collect(Collectors.joining("; "));
  }
}
