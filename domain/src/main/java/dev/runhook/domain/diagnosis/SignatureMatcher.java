package dev.runhook.domain.diagnosis;

import java.security.GeneralSecurityException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Compares candidates with the given signatures within a budget, so that a diagnosis has bounded
/// costs. It is used by one thread for one diagnosis.
final class SignatureMatcher {
  private static final long MAX_BYTES = 32L * 1024 * 1024;
  private static final int MAX_MISTAKES = 2;

  private final List<ParsedSignature> signatures;
  private final Set<HashAlgorithm> algorithms = new LinkedHashSet<>();
  private long bytesSigned;
  private int candidatesTried;

  SignatureMatcher(List<ParsedSignature> signatures) {
    this.signatures = signatures;
    signatures.forEach(signature -> signature.algorithm().ifPresent(algorithms::add));
  }

  boolean isWithinBudget() {
    return bytesSigned < MAX_BYTES;
  }

  int candidatesTried() {
    return candidatesTried;
  }

  /// Returns the mistakes that lead to one of the signatures, if this candidate does. They include
  /// the signature's format errors.
  Optional<List<SignatureMistake>> match(Candidate candidate) {
    for (HashAlgorithm algorithm : algorithms) {
      byte[] mac = sign(candidate, algorithm);
      for (ParsedSignature signature : signatures) {
        List<SignatureMistake> mistakes =
            Stream.concat(candidate.mistakes().stream(), signature.formatErrors().stream())
                .toList();
        boolean isPlausible = candidate.mistakes().isEmpty() || mistakes.size() <= MAX_MISTAKES;
        if (signature.matches(mac) && isPlausible) {
          return Optional.of(mistakes);
        }
      }
    }
    return Optional.empty();
  }

  private byte[] sign(Candidate candidate, HashAlgorithm algorithm) {
    bytesSigned += candidate.cost();
    candidatesTried++;
    try {
      Mac mac = Mac.getInstance(algorithm.hmacName());
      mac.init(new SecretKeySpec(candidate.key().bytes(), algorithm.hmacName()));
      mac.update(candidate.prefix().bytes());
      return mac.doFinal(candidate.body().bytes());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm.hmacName(), e);
    }
  }
}
