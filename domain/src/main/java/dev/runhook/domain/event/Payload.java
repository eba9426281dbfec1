package dev.runhook.domain.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The exact bytes that are signed and sent. Instances are immutable: arrays are copied on the way
/// in and out.
public final class Payload {
  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Payload of(byte[] bytes) {
    return new Payload(bytes.clone());
  }

  public static Payload of(String text) {
    return new Payload(text.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /// Returns a copy of the bytes from `from`, inclusive, to `to`, exclusive.
  public byte[] bytes(int from, int to) {
    return Arrays.copyOfRange(bytes, from, Math.min(to, bytes.length));
  }

  public int length() {
    return bytes.length;
  }

  /// Returns the bytes decoded as UTF-8.
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// Returns only the length, because payloads must not be logged.
  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
