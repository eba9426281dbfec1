package dev.runhook.embedded;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.IdGenerator;
import java.util.UUID;

/// Generates UUIDv7 ids and ULIDs. Thread-safe.
public final class UuidV7IdGenerator implements IdGenerator {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's alphabet
  private static final int LENGTH = 26;
  private static final int BITS = 5;
  private static final int LAST_DIGIT = (1 << BITS) - 1;

  @Override
  public UUID next() {
    return UuidCreator.getTimeOrderedEpochPlus1();
  }

  @Override
  public String nextRunName() {
    return ulid(next());
  }

  /// Encodes the 128 bits as a ULID. In both formats, the first 48 bits are the time in
  /// milliseconds.
  static String ulid(UUID id) {
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    char[] text = new char[LENGTH];
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = DIGITS.charAt((int) low & LAST_DIGIT);
      low = low >>> BITS | high << (Long.SIZE - BITS);
      high >>>= BITS;
    }
    return new String(text);
  }
}
