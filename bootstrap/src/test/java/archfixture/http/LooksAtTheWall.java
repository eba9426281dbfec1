package archfixture.http;

import java.time.Instant;
import java.util.function.Supplier;

/// Breaks `TIME_AND_IDS_COME_FROM_OUTSIDE`, by a method reference.
record LooksAtTheWall(Supplier<Instant> clock) {
  static LooksAtTheWall wall() {
    return new LooksAtTheWall(Instant::now);
  }
}
