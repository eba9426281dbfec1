package dev.runhook.systemtests.resilience;

import java.util.Set;
import java.util.stream.Stream;

/// A point at which a process halts, and the number of duplicate deliveries that this may cause.
enum CrashPoint {
  AFTER_INSERT_BEFORE_COMMIT(Phase.BEFORE_COMMIT, 0, "insert into runhook.delivery_queue"),
  AFTER_COMMIT_BEFORE_RESPONSE(Phase.AFTER_COMMIT, 0, "insert into runhook.delivery_queue"),
  AFTER_CLAIM(
      Phase.AFTER_COMMIT,
      0,
      "for no key update of q skip locked", // a claim that found deliveries reads their events
      "from runhook.event where id = any"),
  AFTER_REQUEST_BEFORE_RECEIVER_RESPONSE(Phase.DURING_REQUEST, 1, ""),
  AFTER_RECEIVER_RESPONSE_BEFORE_COMPLETION(
      Phase.BEFORE_STATEMENT, 1, "insert into runhook.delivery ("),
  DURING_COMPLETION(Phase.BEFORE_COMMIT, 1, "insert into runhook.delivery ("),
  AFTER_COMPLETION(Phase.AFTER_COMMIT, 0, "insert into runhook.delivery ("),
  DURING_MIGRATION(Phase.BEFORE_COMMIT, 0, "create table delivery_queue");

  static final String POINT_PROPERTY = "runhook.test.point";
  static final String HIT_PROPERTY = "runhook.test.hit";

  private final Phase phase;
  private final int duplicates;
  private final String statement;
  private final String otherStatement;

  CrashPoint(Phase phase, int duplicates, String statement) {
    this(phase, duplicates, statement, "");
  }

  CrashPoint(Phase phase, int duplicates, String statement, String otherStatement) {
    this.phase = phase;
    this.duplicates = duplicates;
    this.statement = statement;
    this.otherStatement = otherStatement;
  }

  enum Phase {
    BEFORE_STATEMENT,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    /// While the receiver has the request. The receiver of the test kills the process.
    DURING_REQUEST
  }

  Phase phase() {
    return phase;
  }

  int duplicates() {
    return duplicates;
  }

  /// Whether this point is in the transaction that has executed these statements.
  boolean matches(Set<String> executed) {
    return Stream.of(statement, otherStatement)
        .allMatch(part -> executed.stream().anyMatch(sql -> sql.contains(part)));
  }
}
