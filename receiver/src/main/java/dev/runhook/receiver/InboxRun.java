package dev.runhook.receiver;

/// What an inbox remembers of a run.
///
/// @param key the run among those of all accounts
/// @param version the latest version that has taken effect, 0 if there is none
/// @param received a bit for each of the 64 versions up to the latest one, which has the lowest
///   bit: whether an event with this version was received and is not held back
/// @param held how many events of the run are held back
record InboxRun(String key, long version, long received, int held) {
  /// Whether an event with this version was received and is not held back. A version that is too
  /// old to have a bit counts as received.
  boolean hasReceived(long other) {
    long age = version - other;
    return age >= Long.SIZE || (age >= 0 && (received >>> age & 1) == 1);
  }

  InboxRun receive(long other) {
    long age = version - other;
    if (age >= 0) {
      return new InboxRun(key, version, age < Long.SIZE ? received | 1L << age : received, held);
    }
    return new InboxRun(key, other, -age < Long.SIZE ? received << -age | 1 : 1, held);
  }

  InboxRun withHeld(int count) {
    return new InboxRun(key, version, received, count);
  }
}
