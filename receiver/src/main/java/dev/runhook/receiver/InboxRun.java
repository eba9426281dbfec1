package dev.runhook.receiver;

/// What an inbox remembers of a run.
///
/// @param key the run among those of all accounts
/// @param version the latest version that has taken effect, 0 if there is none
/// @param window a bit for each of the 64 versions up to that one, the lowest bit for the latest:
///   whether it was received
/// @param held how many events of the run are held back
record InboxRun(String key, long version, long window, int held) {
  /// Whether an event with this version has been received and is not held back. A version that is
  /// too old to be known counts as received.
  boolean hasReceived(long received) {
    long age = version - received;
    return age >= Long.SIZE || (age >= 0 && (window >>> age & 1) == 1);
  }

  InboxRun receive(long received) {
    long age = version - received;
    if (age >= 0) {
      return new InboxRun(key, version, age < Long.SIZE ? window | 1L << age : window, held);
    }
    return new InboxRun(key, received, -age < Long.SIZE ? window << -age | 1 : 1, held);
  }

  InboxRun withHeld(int count) {
    return new InboxRun(key, version, window, count);
  }
}
