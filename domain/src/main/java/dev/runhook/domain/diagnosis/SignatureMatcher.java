package dev.runhook.domain.diagnosis;

import java.security.GeneralSecurityException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes signatures and compares them, as long as its means last. For one examination, in one
/// thread.
final class SignatureMatcher {
  private static final long MOST_BYTES = 32L * 1024 * 1024;
  private static final int MOST_MISTAKES = 2;

  private final List<ParsedSignature> signatures;
  private final Set<HashAlgorithm> digests = new LinkedHashSet<>();
  private final long[] bytes = {0};
  private final int[] candidatesTried = {0};

  SignatureMatcher(List<ParsedSignature> signatures) {
    this.signatures = signatures;
    signatures.forEach(signature -> signature.algorithm().ifPresent(digests::add));
  }

  boolean isWithinBudget() {
    return bytes[0] < MOST_BYTES;
  }

  int candidatesTried() {
    return candidatesTried[0];
  }

  /// The mistakes that make one of the signatures, if this trial gives it. Those in how it is
  /// written count, but for what is right otherwise.
  Optional<List<SignatureMistake>> match(Candidate candidate) {
    for (HashAlgorithm hashAlgorithm : digests) {
      byte[] made = made(candidate, hashAlgorithm);
      for (ParsedSignature signature : signatures) {
        List<SignatureMistake> mistakes =
            Stream.concat(candidate.mistakes().stream(), signature.formatErrors().stream())
                .toList();
        boolean counts = candidate.mistakes().isEmpty() || mistakes.size() <= MOST_MISTAKES;
        if (signature.matches(made) && counts) {
          return Optional.of(mistakes);
        }
      }
    }
    return Optional.empty();
  }

  private byte[] made(Candidate candidate, HashAlgorithm hashAlgorithm) {
    bytes[0] += candidate.cost();
    candidatesTried[0]++;
    try {
      Mac mac = Mac.getInstance(hashAlgorithm.hmacName());
      mac.init(new SecretKeySpec(candidate.key().bytes(), hashAlgorithm.hmacName()));
      mac.update(candidate.prefix().bytes());
      return mac.doFinal(candidate.body().bytes());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + hashAlgorithm.hmacName(), e);
    }
  }
}
