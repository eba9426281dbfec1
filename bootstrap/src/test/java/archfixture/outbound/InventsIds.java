package archfixture.outbound;

import java.util.UUID;

/// Breaks `TIME_AND_IDS_COME_FROM_OUTSIDE`.
record InventsIds(UUID id) {
  static InventsIds next() {
    return new InventsIds(UUID.randomUUID());
  }
}
