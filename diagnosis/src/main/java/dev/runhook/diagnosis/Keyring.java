package dev.runhook.diagnosis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// The secrets that may have created a signature, exactly as entered, for example with a trailing
/// newline. [#toString] hides them.
public final class Keyring {
  private static final int MAX_LENGTH = 1024;
  private static final int MAX_PREVIOUS = 4;

  private final String current;
  private final List<String> previous;

  /// @param previous earlier secrets of the webhook, at most four
  public Keyring(String current, List<String> previous) {
    this.current = current;
    this.previous = List.copyOf(previous);
    if (previous.size() > MAX_PREVIOUS) {
      throw new IllegalArgumentException(
          "at most " + MAX_PREVIOUS + " previous secrets can be checked");
    }
    List<String> secrets = Stream.concat(Stream.of(current), previous.stream()).toList();
    if (secrets.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("the secret is blank; enter the webhook's secret");
    }
    if (secrets.stream().anyMatch(secret -> secret.length() > MAX_LENGTH)) {
      throw new IllegalArgumentException("the secret is longer than " + MAX_LENGTH + " characters");
    }
  }

  /// Returns the text of the current secret, from which the key of each header is derived.
  Variant current() {
    return Variant.given(current.getBytes(StandardCharsets.UTF_8));
  }

  List<String> previous() {
    return previous;
  }

  @Override
  public String toString() {
    return "(" + (1 + previous.size()) + " secrets)";
  }
}
