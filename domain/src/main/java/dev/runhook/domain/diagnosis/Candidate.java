package dev.runhook.domain.diagnosis;

import java.util.List;
import java.util.stream.Stream;

/// A signature to try: the HMAC of the prefix and the body, with the key.
record Candidate(Variant key, Variant prefix, Variant body) {
  List<SignatureMistake> mistakes() {
    return Stream.of(key, prefix, body).flatMap(part -> part.mistakes().stream()).toList();
  }

  /// Returns the cost in bytes, including the HMAC's own blocks.
  long cost() {
    return 256L + prefix.bytes().length + body.bytes().length;
  }
}
