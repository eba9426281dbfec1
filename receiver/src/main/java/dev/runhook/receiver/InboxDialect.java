package dev.runhook.receiver;

import java.util.List;
import java.util.stream.Stream;

/// The database of a [JdbcInbox].
public enum InboxDialect {
  /// PostgreSQL.
  POSTGRESQL(
      """
      create table if not exists ${tables}_event (
        event_id varchar(255) primary key,
        received_at bigint not null
      );
      create index if not exists ${indexes}_event_received_at on ${tables}_event using brin (received_at);
      create table if not exists ${tables}_run (
        run varchar(400) primary key,
        version bigint not null,
        received bigint not null,
        held integer not null,
        updated_at bigint not null
      ) with (fillfactor = 70);
      create table if not exists ${tables}_held (
        event_id varchar(255) primary key,
        run varchar(400) not null,
        version bigint not null,
        previous_version bigint not null,
        due_at bigint not null,
        body bytea not null
      );
      create index if not exists ${indexes}_held_run on ${tables}_held (run, version);
      create index if not exists ${indexes}_held_due_at on ${tables}_held (due_at);
      """),

  /// MySQL and MariaDB, and H2 with `MODE=MySQL`.
  MYSQL(
      """
      create table if not exists ${tables}_event (
        event_id varchar(255) not null primary key,
        received_at bigint not null,
        key ${indexes}_event_received_at (received_at)
      ) engine = InnoDB character set ascii collate ascii_bin;
      create table if not exists ${tables}_run (
        run varchar(400) not null primary key,
        version bigint not null,
        received bigint not null,
        held integer not null,
        updated_at bigint not null
      ) engine = InnoDB character set ascii collate ascii_bin;
      create table if not exists ${tables}_held (
        event_id varchar(255) not null primary key,
        run varchar(400) not null,
        version bigint not null,
        previous_version bigint not null,
        due_at bigint not null,
        body longblob not null,
        key ${indexes}_held_run (run, version),
        key ${indexes}_held_due_at (due_at)
      ) engine = InnoDB character set ascii collate ascii_bin;
      """),

  /// H2 in its own mode.
  H2(
      """
      create table if not exists ${tables}_event (
        event_id varchar(255) primary key,
        received_at bigint not null
      );
      create index if not exists ${indexes}_event_received_at on ${tables}_event (received_at);
      create table if not exists ${tables}_run (
        run varchar(400) primary key,
        version bigint not null,
        received bigint not null,
        held integer not null,
        updated_at bigint not null
      );
      create table if not exists ${tables}_held (
        event_id varchar(255) primary key,
        run varchar(400) not null,
        version bigint not null,
        previous_version bigint not null,
        due_at bigint not null,
        body blob not null
      );
      create index if not exists ${indexes}_held_run on ${tables}_held (run, version);
      create index if not exists ${indexes}_held_due_at on ${tables}_held (due_at);
      """);

  private final String ddl;

  InboxDialect(String ddl) {
    this.ddl = ddl;
  }

  /// The statements that create the tables, each with a semicolon at its end.
  String ddl(String tables) {
    return ddl.replace("${tables}", tables)
        .replace("${indexes}", tables.substring(tables.lastIndexOf('.') + 1));
  }

  List<String> ddlStatements(String tables) {
    return Stream.of(ddl(tables).split(";\n")).toList();
  }
}
