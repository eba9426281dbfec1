package dev.runhook.domain.diagnosis;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What was found of a signature. Nothing in it gives away a secret or a signature.
public sealed interface Examination {
  /// The header that the signature is of, or was taken for.
  SignatureHeader header();

  /// It is the signature of this body with the current secret.
  record Verified(SignatureHeader header) implements Examination {}

  /// It is not, and these mistakes, made together, give the very signature.
  record Mistaken(SignatureHeader header, List<Mistake> mistakes) implements Examination {
    public Mistaken {
      mistakes = List.copyOf(mistakes);
    }
  }

  /// It is not, and no known mistake nor two of them give it.
  ///
  /// @param flaws what is wrong with how it is written, whatever it is
  /// @param tries how many signatures were made to compare
  /// @param complete false where the body is so large that not all was tried
  record Unexplained(SignatureHeader header, List<Mistake> flaws, int tries, boolean complete)
      implements Examination {
    public Unexplained {
      flaws = List.copyOf(flaws);
    }
  }

  /// Examines the evidence. The work is bounded, whatever the size of the body.
  ///
  /// @param rewritings the ways in which programs write the body when they have parsed it; asked
  ///   for several times, taken one by one
  static Examination of(Evidence evidence, Keyring keys, Supplier<Stream<Rewritten>> rewritings) {
    return new Search(evidence, keys, rewritings).examination();
  }

  default boolean isVerified() {
    return this instanceof Verified;
  }

  /// The mistakes that explain it, or the flaws that are plain to see.
  default List<Mistake> findings() {
    return switch (this) {
      case Verified _ -> List.of();
      case Mistaken(_, List<Mistake> mistakes) -> mistakes;
      case Unexplained(_, List<Mistake> flaws, _, _) -> flaws;
    };
  }

  /// All that was found, for people.
  default String sentence() {
    return switch (this) {
      case Verified(SignatureHeader header) ->
          header.title() + " verifies: it is the signature of this body with this secret";
      case Mistaken(SignatureHeader header, List<Mistake> mistakes) ->
          header.title()
              + " does not verify: "
              + told(mistakes)
              + ". To mend it: "
              + mended(mistakes);
      case Unexplained(SignatureHeader header, List<Mistake> flaws, int tries, boolean complete) ->
          header.title()
              + " does not verify: "
              + (flaws.isEmpty() ? "" : told(flaws) + "; besides, ")
              + "no known mistake gives this signature ("
              + tries
              + (complete ? " tried" : " tried, not all: the body is large")
              + "). Most likely it was made with another secret, or the body was changed";
    };
  }

  private static String told(List<Mistake> mistakes) {
    return mistakes.stream().map(Mistake::what).collect(Collectors.joining(", and "));
  }

  private static String mended(List<Mistake> mistakes) {
    return mistakes.stream().map(Mistake::mend).distinct().collect(Collectors.joining("; "));
  }
}
