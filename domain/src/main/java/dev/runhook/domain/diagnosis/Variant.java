package dev.runhook.domain.diagnosis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// A body, a key or what stands before the body: as it was given, or after mistakes.
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

  /// This one after one mistake more.
  Variant withMistake(SignatureMistake signatureMistake, byte[] changed) {
    return new Variant(
        Stream.concat(mistakes.stream(), Stream.of(signatureMistake)).toList(), changed);
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

  /// Not copied: nobody here changes it.
  byte[] bytes() {
    return bytes;
  }
}
