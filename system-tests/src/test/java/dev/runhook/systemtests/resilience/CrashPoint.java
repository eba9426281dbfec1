package dev.runhook.systemtests.resilience;

import java.util.Set;
import java.util.stream.Stream;

/// Where a process is made to die, and how many deliveries that may bring twice.
public enum CrashPoint {
  AFTER_INSERT_BEFORE_COMMIT(Phase.BEFORE_COMMIT, 0, "insert into runhook.delivery_queue"),
  AFTER_COMMIT_BEFORE_RESPONSE(Phase.AFTER_COMMIT, 0, "insert into runhook.delivery_queue"),
  AFTER_CLAIM(
      Phase.AFTER_COMMIT,
      0,
      "for update of q skip locked", // a claim that took something reads the events of it
      "from runhook.event where id = any"),
  AFTER_REQUEST_BEFORE_RECEIVER_RESPONSE(Phase.DURING_REQUEST, 1, ""),
  AFTER_RECEIVER_RESPONSE_BEFORE_COMPLETION(
      Phase.BEFORE_STATEMENT, 1, "delete from runhook.delivery_queue q using s"),
  DURING_COMPLETION(Phase.BEFORE_COMMIT, 1, "delete from runhook.delivery_queue q using s"),
  AFTER_COMPLETION(Phase.AFTER_COMMIT, 0, "delete from runhook.delivery_queue q using s"),
  DURING_MIGRATION(Phase.BEFORE_COMMIT, 0, "create table delivery_queue");

  public static final String POINT_PROPERTY = "runhook.test.point";
  public static final String HIT_PROPERTY = "runhook.test.hit";

  private final Phase phase;
  private final int duplicates;
  private final String statement;
  private final String also;

  CrashPoint(Phase moment, int duplicates, String statement) {
    this(moment, duplicates, statement, "");
  }

  CrashPoint(Phase moment, int duplicates, String statement, String also) {
    this.phase = moment;
    this.duplicates = duplicates;
    this.statement = statement;
    this.also = also;
  }

  enum Phase {
    BEFORE_STATEMENT,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    /// While the receiver has the request: whoever runs the receiver sees to that.
    DURING_REQUEST
  }

  Phase phase() {
    return phase;
  }

  int duplicates() {
    return duplicates;
  }

  /// Whether the transaction in which these statements were executed is the one.
  boolean matches(Set<String> executed) {
    return Stream.of(statement, also)
        .allMatch(part -> executed.stream().anyMatch(sql -> sql.contains(part)));
  }
}
