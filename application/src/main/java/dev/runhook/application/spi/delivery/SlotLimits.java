package dev.runhook.application.spi.delivery;

/// The limits of the slots of a process.
///
/// @param total the number of slots
/// @param perWebhook the maximum number of slots of one webhook
/// @param bytesPerSlot the length of a payload for which a delivery needs only one slot
public record SlotLimits(int total, int perWebhook, long bytesPerSlot) {
  /// Returns how many slots a delivery needs: one, or more if its payload is large.
  public int slotsFor(long payloadBytes) {
    return (int) Math.max(1, Math.ceilDiv(payloadBytes, bytesPerSlot));
  }

  /// Returns whether a webhook may start another delivery. Its limit falls with the square of the
  /// room. If many webhooks hold slots, the last ones therefore go to those that hold none. They
  /// need only some room, so that a delivery with a payload of any length can start.
  ///
  /// @param room of its account
  /// @param held the slots that it holds
  public boolean mayStart(Room room, boolean isProven, int held) {
    long left = isProven ? room.slots() : Math.min(2 * room.slots(), room.halves());
    return left > 0 && held < perWebhook && (long) held * total * total < perWebhook * left * left;
  }
}
