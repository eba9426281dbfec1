package dev.runhook.bootstrap.process;

import java.util.Set;
import java.util.stream.Stream;

/// Where a process is made to die, and how many deliveries that may bring twice.
enum FailPoint {
  AFTER_INSERT_BEFORE_COMMIT(Moment.BEFORE_COMMIT, 0, "insert into runhook.queue"),
  AFTER_COMMIT_BEFORE_201(Moment.AFTER_COMMIT, 0, "insert into runhook.queue"),
  AFTER_CLAIM(
      Moment.AFTER_COMMIT,
      0,
      "for update of q skip locked", // a claim that took something reads the events of it
      "from runhook.event where id = any"),
  AFTER_REQUEST_BEFORE_ANSWER(Moment.ON_THE_WIRE, 1, ""),
  AFTER_ANSWER_BEFORE_SETTLE(Moment.BEFORE_STATEMENT, 1, "delete from runhook.queue q using s"),
  DURING_SETTLE(Moment.BEFORE_COMMIT, 1, "delete from runhook.queue q using s"),
  AFTER_SETTLE(Moment.AFTER_COMMIT, 0, "delete from runhook.queue q using s"),
  DURING_MIGRATION(Moment.BEFORE_COMMIT, 0, "create table queue");

  static final String NAME = "runhook.test.point";
  static final String HIT = "runhook.test.hit";

  private final Moment moment;
  private final int duplicates;
  private final String statement;
  private final String also;

  FailPoint(Moment moment, int duplicates, String statement) {
    this(moment, duplicates, statement, "");
  }

  FailPoint(Moment moment, int duplicates, String statement, String also) {
    this.moment = moment;
    this.duplicates = duplicates;
    this.statement = statement;
    this.also = also;
  }

  enum Moment {
    BEFORE_STATEMENT,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    /// While the receiver has the request: whoever runs the receiver sees to that.
    ON_THE_WIRE
  }

  Moment moment() {
    return moment;
  }

  int duplicates() {
    return duplicates;
  }

  /// Whether the transaction in which these statements were executed is the one.
  boolean isMeant(Set<String> executed) {
    return Stream.of(statement, also)
        .allMatch(part -> executed.stream().anyMatch(sql -> sql.contains(part)));
  }
}
