package dev.runhook.diagnosis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.diagnosis.SignatureMistake.Kind;
import java.util.List;
import java.util.stream.Stream;

/// A key, a prefix or a body, as given or after mistakes.
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

  /// Returns this variant after one more mistake.
  Variant withMistake(Kind kind, String detail, byte[] changed) {
    Stream<SignatureMistake> added = Stream.of(new SignatureMistake(kind, detail));
    return new Variant(Stream.concat(mistakes.stream(), added).toList(), changed);
  }

  Variant withMistake(Kind kind, byte[] changed) {
    return withMistake(kind, "", changed);
  }

  Variant withMistake(Kind kind, String changed) {
    return withMistake(kind, changed.getBytes(UTF_8));
  }

  /// Returns other bytes with the same mistakes.
  Variant withBytes(byte[] other) {
    return new Variant(mistakes, other);
  }

  List<SignatureMistake> mistakes() {
    return mistakes;
  }

  /// Returns the bytes without copying them. Callers must not change them.
  byte[] bytes() {
    return bytes;
  }
}
