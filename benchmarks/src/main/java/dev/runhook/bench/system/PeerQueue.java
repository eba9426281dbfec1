package dev.runhook.bench.system;

import java.util.List;

/// A queue with which Runhook is compared. It stores one delivery for each report.
///
/// @param table contains the unfinished deliveries
/// @param tables creates the tables; empty if the process does that
public record PeerQueue(String name, String database, Class<?> main, String table, String tables) {
  /// The peers, ending with the baseline that other systems are compared with.
  public static final List<PeerQueue> ALL =
      List.of(
          new PeerQueue(
              "db-scheduler",
              "scheduler",
              DbSchedulerProcess.class,
              "scheduled_tasks",
              DbSchedulerProcess.TABLES),
          new PeerQueue(
              "transaction-outbox",
              "transaction_outbox",
              TransactionOutboxProcess.class,
              "txno_outbox",
              ""),
          new PeerQueue(
              "row-by-row outbox", "outbox", OutboxProcess.class, "outbox", OutboxProcess.TABLES));
}
