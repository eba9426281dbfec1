package dev.runhook.domain.diagnosis;

import java.util.List;
import java.util.stream.Stream;

/// A signature to be made: of the prefix and the body, with the key.
record Candidate(Variant key, Variant prefix, Variant body) {
  List<SignatureMistake> mistakes() {
    return Stream.of(key, prefix, body).flatMap(part -> part.mistakes().stream()).toList();
  }

  /// In bytes, with the blocks that each signature costs besides.
  long cost() {
    return 256L + prefix.bytes().length + body.bytes().length;
  }
}
