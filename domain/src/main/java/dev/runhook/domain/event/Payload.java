package dev.runhook.domain.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The exact bytes that are signed and sent, and their format. Instances are immutable: arrays are
/// copied on the way in and out.
public final class Payload {
  private final byte[] bytes;
  private final Format format;

  private Payload(byte[] bytes, Format format) {
    this.bytes = bytes;
    this.format = format;
  }

  public static Payload of(byte[] bytes) {
    return of(bytes, Format.RUNHOOK);
  }

  public static Payload of(byte[] bytes, Format format) {
    return new Payload(bytes.clone(), format);
  }

  public static Payload of(String text) {
    return new Payload(text.getBytes(StandardCharsets.UTF_8), Format.RUNHOOK);
  }

  public Format format() {
    return format;
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
    return other instanceof Payload payload
        && format == payload.format
        && Arrays.equals(bytes, payload.bytes);
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
