package dev.runhook.domain.diagnosis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// A body, a key or what stands before the body: as it was given, or after mistakes.
final class Variant {
  private final List<Mistake> mistakes;
  private final byte[] bytes;

  private Variant(List<Mistake> mistakes, byte[] bytes) {
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
  Variant after(Mistake mistake, byte[] changed) {
    return new Variant(Stream.concat(mistakes.stream(), Stream.of(mistake)).toList(), changed);
  }

  Variant after(Mistake.Kind kind, byte[] changed) {
    return after(Mistake.of(kind), changed);
  }

  Variant after(Mistake.Kind kind, String changed) {
    return after(kind, changed.getBytes(StandardCharsets.UTF_8));
  }

  List<Mistake> mistakes() {
    return mistakes;
  }

  /// Not copied: nobody here changes it.
  byte[] bytes() {
    return bytes;
  }
}
