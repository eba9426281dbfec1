package dev.runhook.application.spi.delivery;

/// What an account may still take of the slots of a process. No group holds more than is free: an
/// account holds less than the free slots, so that others always find one, and its unproven
/// webhooks, whose last attempt was not delivered, hold together less than half of the free slots,
/// so that its proven ones find one. A group of hanging receivers therefore uses only its part,
/// however many they are (dynamic thresholds: Choudhury and Hahne, 1998).
///
/// @param slots for all of its webhooks: the free slots, without those that it holds
/// @param halves for its unproven webhooks, in half slots: the free slots, without twice those that
///   they hold
public record Room(int slots, int halves) {
  /// Returns the room of an account.
  ///
  /// @param free the free slots of the process
  /// @param held the slots that the account holds
  /// @param unproven how many of these its unproven webhooks hold
  public static Room of(int free, int held, int unproven) {
    return new Room(free - held, free - 2 * unproven);
  }

  /// Returns the room that is left after the account has taken more slots.
  public Room without(int slotsOfProven, int slotsOfUnproven) {
    return new Room(
        slots - 2 * (slotsOfProven + slotsOfUnproven),
        halves - slotsOfProven - 3 * slotsOfUnproven);
  }
}
