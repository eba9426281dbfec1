package dev.runhook.domain.diagnosis;

import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import java.util.List;
import java.util.stream.Stream;

/// The secrets that a signature may have been made with, as somebody gives them: with a line break
/// at the end, if that is what they have. Hides them in [#toString].
public final class Keyring {
  private static final int LONGEST = 1024;
  private static final int MOST_PREVIOUS = 4;

  private final String current;
  private final List<String> previous;

  private Keyring(String current, List<String> previous) {
    this.current = current;
    this.previous = List.copyOf(previous);
  }

  /// @param previous secrets that were the webhook's before, at most four
  public static Keyring of(String current, List<String> previous) {
    if (previous.size() > MOST_PREVIOUS) {
      throw new IllegalArgumentException("at most " + MOST_PREVIOUS + " previous secrets");
    }
    if (Stream.concat(Stream.of(current), previous.stream()).anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("the secret is blank; the webhook shows it");
    }
    if (Stream.concat(Stream.of(current), previous.stream())
        .anyMatch(it -> it.length() > LONGEST)) {
      throw new IllegalArgumentException("the secret is longer than " + LONGEST + " characters");
    }
    return new Keyring(current, previous);
  }

  public static Keyring of(String current) {
    return of(current, List.of());
  }

  /// The secrets of a webhook, the retired one too when its time is over: somebody may still use
  /// it. A retired one that cannot be read is left out; a current one that cannot be is a
  /// [dev.runhook.domain.signing.SecretDecryptionException].
  public static Keyring of(SigningKeys keys) {
    return of(
        keys.current().reveal(),
        keys.previous().stream()
            .map(SigningKeys.PreviousSecret::secret)
            .filter(SigningSecret::isDecrypted)
            .map(SigningSecret::reveal)
            .toList());
  }

  String current() {
    return current;
  }

  List<String> previous() {
    return previous;
  }

  @Override
  public String toString() {
    return "(" + (1 + previous.size()) + " secrets)";
  }
}
