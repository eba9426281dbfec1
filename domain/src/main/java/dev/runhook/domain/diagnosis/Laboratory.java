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
final class Laboratory {
  private static final long MOST_BYTES = 32L * 1024 * 1024;
  private static final int MOST_MISTAKES = 2;

  private final List<Attested> signatures;
  private final Set<Digest> digests = new LinkedHashSet<>();
  private final long[] bytes = {0};
  private final int[] tries = {0};

  Laboratory(List<Attested> signatures) {
    this.signatures = signatures;
    signatures.forEach(signature -> signature.digest().ifPresent(digests::add));
  }

  boolean hasMeans() {
    return bytes[0] < MOST_BYTES;
  }

  int tries() {
    return tries[0];
  }

  /// The mistakes that make one of the signatures, if this trial gives it. Those in how it is
  /// written count, but for what is right otherwise.
  Optional<List<Mistake>> compare(Trial trial) {
    for (Digest digest : digests) {
      byte[] made = made(trial, digest);
      for (Attested signature : signatures) {
        List<Mistake> mistakes =
            Stream.concat(trial.mistakes().stream(), signature.flaws().stream()).toList();
        boolean counts = trial.mistakes().isEmpty() || mistakes.size() <= MOST_MISTAKES;
        if (signature.is(made) && counts) {
          return Optional.of(mistakes);
        }
      }
    }
    return Optional.empty();
  }

  private byte[] made(Trial trial, Digest digest) {
    bytes[0] += trial.cost();
    tries[0]++;
    try {
      Mac mac = Mac.getInstance(digest.algorithm());
      mac.init(new SecretKeySpec(trial.key().bytes(), digest.algorithm()));
      mac.update(trial.prefix().bytes());
      return mac.doFinal(trial.body().bytes());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + digest.algorithm(), e);
    }
  }
}
