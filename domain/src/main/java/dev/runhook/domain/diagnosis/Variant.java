package dev.runhook.domain.diagnosis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// A key, a prefix or a body, as it was given or after mistakes.
final class Variant {
  private final List<SignatureMistake> mistakes;
  private final byte[] bytes;

  private Variant(List<SignatureMistake> mistakes, byte[] bytes) {
    this.mistakes = mistakes;
    this.bytes = bytes;
  }

  static Variant given(byte[] bytes) {
    return new Variant(List.of(), bytes);
  }

  static Variant given(String text) {
    return given(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Returns this variant after one more mistake.
  Variant withMistake(SignatureMistake mistake, byte[] changed) {
    return new Variant(Stream.concat(mistakes.stream(), Stream.of(mistake)).toList(), changed);
  }

  Variant withMistake(SignatureMistake.Kind kind, byte[] changed) {
    return withMistake(SignatureMistake.of(kind), changed);
  }

  Variant withMistake(SignatureMistake.Kind kind, String changed) {
    return withMistake(kind, changed.getBytes(StandardCharsets.UTF_8));
  }

  List<SignatureMistake> mistakes() {
    return mistakes;
  }

  /// Returns the bytes without copying them. Callers must not change them.
  byte[] bytes() {
    return bytes;
  }
}
