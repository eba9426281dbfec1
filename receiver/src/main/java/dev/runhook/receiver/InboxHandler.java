package dev.runhook.receiver;

/// The effect of an event in the receiver's database. It uses the connection that was passed to the
/// [JdbcInbox], and neither commits nor rolls back.
///
/// @param <E> what the handler throws; the caller must roll back then
@FunctionalInterface
public interface InboxHandler<E extends Exception> {
  /// Handles an event. An event of a run comes after all events with lower versions that are passed
  /// to this method.
  void handle(InboxEvent event) throws E;

  /// Handles an event that is older than one that has taken effect. Does nothing by default, so
  /// that an old state never overwrites a newer one. Override it if each event counts, as in a log.
  default void handleStale(InboxEvent event) throws E {}
}
