package dev.runhook.receiver;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The statements of a [JdbcInbox]: which versions of each run were received, the ids of events
/// that have no version, and the events that are held back.
///
/// An insert waits for a transaction that has inserted the same id. PostgreSQL would abort a
/// transaction with a duplicate, so it is told to do nothing on conflict. In the other databases,
/// only the statement fails.
final class InboxTables {
  /// Makes a version that of its run if it is higher and no event is held back. This is
  /// [InboxRun#receive] in one round trip.
  private static final String ADVANCE_OR_INSERT =
      """
      insert into ${tables}_run as run (run, version, received, held, updated_at)
      values (?, ?, 1, 0, ?)
      on conflict (run) do update set version = excluded.version, updated_at = excluded.updated_at,
        received = case when excluded.version - run.version < 64
          then run.received << (excluded.version - run.version)::int | 1 else 1 end
      where run.version < excluded.version and run.held = 0
      """;

  /// Does the same if no version before it is missing.
  private static final String ADVANCE_WITHOUT_GAP =
      """
      update ${tables}_run as run set version = new.version, updated_at = new.at,
        received = case when new.version - run.version < 64
          then run.received << (new.version - run.version)::int | 1 else 1 end
      from (values (?, ?::bigint, ?::bigint, ?::bigint)) as new (run, version, at, previous)
      where run.run = new.run and run.version < new.version and run.version >= new.previous
        and run.held = 0
      """;

  /// With a lower isolation, PostgreSQL would not notice that the run has changed.
  private static final String FAIL_UNLESS_ADVANCED =
      """
      select 1 / count(*) from run
      where current_setting('transaction_isolation') in ('repeatable read', 'serializable')
      """;

  private static final String DIVISION_BY_ZERO = "22012";

  private final InboxDialect dialect;
  private final String tables;

  InboxTables(InboxDialect dialect, String tables) {
    this.dialect = dialect;
    this.tables = tables;
  }

  InboxDialect dialect() {
    return dialect;
  }

  String ddl() {
    return dialect.ddl(tables);
  }

  void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : dialect.ddlStatements(tables)) {
        statement.execute(sql);
      }
    }
  }

  /// Adds the id of an event. Returns whether it is new.
  boolean add(Connection connection, String id, long now) throws SQLException {
    return insert(
        connection, "insert into ${tables}_event (event_id, received_at) values (?, ?)", id, now);
  }

  /// Lets an event of a run take effect if there is nothing to decide. Returns whether it did;
  /// otherwise, the run must be locked. Only PostgreSQL can do so in one statement.
  boolean advance(Connection connection, RunVersion version, long previous, long now)
      throws SQLException {
    return dialect == InboxDialect.POSTGRESQL
        && update(connection, advance(previous), advanceValues(version, previous, now)) == 1;
  }

  /// Does the same and commits, in one round trip, unless the run has changed since the transaction
  /// began. The transaction must be rolled back if it did not: an error keeps the commit from being
  /// executed.
  boolean advanceAndCommit(Connection connection, RunVersion version, long previous, long now)
      throws SQLException {
    String sql =
        "with run as (%s returning 1) %s; commit"
            .formatted(advance(previous), FAIL_UNLESS_ADVANCED);
    try (PreparedStatement statement =
        prepare(connection, sql, advanceValues(version, previous, now))) {
      statement.execute();
      return true;
    } catch (SQLException e) {
      if (DIVISION_BY_ZERO.equals(e.getSQLState())) {
        return false;
      }
      throw explained(e);
    }
  }

  /// Begins a transaction after [#advanceAndCommit] whose statements see what others commit while
  /// it waits for them. Refuses a connection with which [#advanceAndCommit] would never succeed.
  void setReadCommitted(Connection connection) throws SQLException {
    if (dialect != InboxDialect.POSTGRESQL) {
      return;
    }
    if (connection.getTransactionIsolation() < Connection.TRANSACTION_REPEATABLE_READ) {
      throw new IllegalStateException(
          "the isolation of the connection must be REPEATABLE READ: set it in the connection pool, or"
              + " use JdbcInbox.receive");
    }
    update(connection, "set transaction isolation level read committed");
  }

  private static String advance(long previous) {
    return previous == 0 ? ADVANCE_OR_INSERT : ADVANCE_WITHOUT_GAP;
  }

  private static Object[] advanceValues(RunVersion version, long previous, long now) {
    return previous == 0
        ? new Object[] {version.key(), version.version(), now}
        : new Object[] {version.key(), version.version(), now, previous};
  }

  /// Locks a run until the transaction ends.
  ///
  /// The row is inserted first, because a lock of an absent row is a lock of a gap in MySQL, and
  /// two transactions that hold it and insert rows block each other.
  InboxRun lock(Connection connection, String run, long now) throws SQLException {
    insertRun(connection, run, now);
    return query(
            connection,
            "select version, received, held from ${tables}_run where run = ? for update",
            row -> new InboxRun(run, row.getLong(1), row.getLong(2), row.getInt(3)),
            run)
        .orElseThrow();
  }

  private void insertRun(Connection connection, String run, long now) throws SQLException {
    String insert =
        "insert into ${tables}_run (run, version, received, held, updated_at) values (?, 0, 0, 0, ?)";
    switch (dialect) {
      case POSTGRESQL -> update(connection, insert + " on conflict do nothing", run, now);
      case MYSQL ->
          // unlike a plain insert, this takes an exclusive lock of an existing row
          update(connection, insert + " on duplicate key update version = version", run, now);
      case H2 ->
          insertUnlessDuplicate(
              connection,
              """
              merge into ${tables}_run using (values (?, cast(? as bigint))) as added (run, at)
              on ${tables}_run.run = added.run
              when not matched then insert (run, version, received, held, updated_at)
                values (added.run, 0, 0, 0, added.at)
              """,
              run,
              now);
    }
  }

  /// Stores a locked run.
  void save(Connection connection, InboxRun run, long now) throws SQLException {
    update(
        connection,
        "update ${tables}_run set version = ?, received = ?, held = ?, updated_at = ? where run = ?",
        run.version(),
        run.received(),
        run.held(),
        now,
        run.key());
  }

  /// Stores an event of a locked run. Returns false if it is already held back.
  boolean hold(
      Connection connection, InboxEvent event, RunVersion version, long previous, long dueAt)
      throws SQLException {
    return insert(
        connection,
        """
        insert into ${tables}_held (event_id, run, version, previous_version, due_at, body)
        values (?, ?, ?, ?, ?, ?)
        """,
        event.id(),
        version.key(),
        version.version(),
        previous,
        dueAt,
        event.body());
  }

  /// Finds the event of a run with the lowest version.
  Optional<HeldEvent> findLowestHeld(Connection connection, String run) throws SQLException {
    return query(
        connection,
        """
        select event_id, version, previous_version from ${tables}_held where run = ?
        order by version, event_id limit 1
        """,
        row -> new HeldEvent(row.getString(1), row.getLong(2), row.getLong(3)),
        run);
  }

  /// Returns the highest version of a run that has been held long enough, or 0 if there is none.
  long findDueVersion(Connection connection, String run, long now) throws SQLException {
    return query(
            connection,
            "select coalesce(max(version), 0) from ${tables}_held where run = ? and due_at <= ?",
            row -> row.getLong(1),
            run,
            now)
        .orElseThrow();
  }

  /// Finds runs with events that have been held long enough.
  List<String> findDueRuns(Connection connection, long now, int limit) throws SQLException {
    return list(
        connection,
        "select run from ${tables}_held where due_at <= ? order by due_at limit ?",
        now,
        limit);
  }

  /// Takes an event out. Returns nothing if another transaction has taken it.
  Optional<InboxEvent> take(Connection connection, HeldEvent held) throws SQLException {
    Optional<byte[]> body =
        query(
            connection,
            "select body from ${tables}_held where event_id = ?",
            row -> row.getBytes(1),
            held.id());
    return update(connection, "delete from ${tables}_held where event_id = ?", held.id()) == 1
        ? body.map(bytes -> InboxEvent.of(held.id(), bytes))
        : Optional.empty();
  }

  /// Deletes at most this many ids, and then, if there are fewer, runs. MySQL has no limit in
  /// subqueries, so keys are read first.
  int deleteBefore(Connection connection, long time, int limit) throws SQLException {
    int deleted =
        delete(
            connection,
            "delete from ${tables}_event where event_id = ?",
            list(
                connection,
                // in no order: PostgreSQL has a BRIN index, and would have to sort all old rows
                "select event_id from ${tables}_event where received_at < ? limit ?",
                time,
                limit));
    if (deleted == limit) {
      return deleted;
    }
    return deleted
        + delete(
            connection,
            "delete from ${tables}_run where run = ? and held = 0 and updated_at < " + time,
            list(
                connection,
                "select run from ${tables}_run where updated_at < ? and held = 0 order by run limit ?",
                time,
                limit - deleted));
  }

  private int delete(Connection connection, String sql, List<String> keys) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(named(sql))) {
      for (String key : keys) {
        statement.setString(1, key);
        statement.addBatch();
      }
      statement.executeBatch();
      return keys.size();
    }
  }

  /// Inserts a row. Returns false if there is one with its key.
  private boolean insert(Connection connection, String sql, Object... values) throws SQLException {
    return switch (dialect) {
      case POSTGRESQL -> update(connection, sql + " on conflict do nothing", values) == 1;
      case MYSQL, H2 -> insertUnlessDuplicate(connection, sql, values);
    };
  }

  private boolean insertUnlessDuplicate(Connection connection, String sql, Object... values)
      throws SQLException {
    try {
      return update(connection, sql, values) == 1;
    } catch (SQLException e) {
      if (String.valueOf(e.getSQLState()).startsWith("23")) { // the values violate a unique key
        return false;
      }
      throw e;
    }
  }

  private int update(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  private List<String> list(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  private <T> Optional<T> query(
      Connection connection, String sql, RowReader<T> reader, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  private PreparedStatement prepare(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(named(sql));
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  private String named(String sql) {
    return sql.replace("${tables}", tables);
  }

  private SQLException explained(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (!state.equals("42P01") && !state.startsWith("42S0")) {
      return e;
    }
    return new SQLException(
        "the tables " + tables + "_… do not exist: run the statements of JdbcInbox.ddl()",
        state,
        e.getErrorCode(),
        e);
  }

  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }
}
