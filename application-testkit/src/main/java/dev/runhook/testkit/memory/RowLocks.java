package dev.runhook.testkit.memory;

/// The locks of a transaction that is open at the same time as others. A row is identified by its
/// id, and a lane by its key. The caller releases them when it has ended the transaction.
public interface RowLocks {
  /// Locks the row, or waits for the transaction that has locked it, whose changes are then
  /// visible.
  void lock(Object row);

  /// Locks the row unless another transaction has locked it.
  ///
  /// @return whether this transaction has locked the row
  boolean tryLock(Object row);

  /// Returns the locks of a transaction that runs alone: all are free.
  static RowLocks free() {
    return new RowLocks() {
      @Override
      public void lock(Object row) {}

      @Override
      public boolean tryLock(Object row) {
        return true;
      }
    };
  }
}
