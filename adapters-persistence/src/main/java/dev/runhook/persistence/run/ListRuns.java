package dev.runhook.persistence.run;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Run;
import dev.runhook.persistence.jdbi.BoundedSearch;
import dev.runhook.persistence.jdbi.BoundedSearch.Candidate;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Lists the runs of stacks, the most recently created first.
///
/// The index has the runs of each stack in this order, so times and cursors are ranges of it. The
/// other criteria are a [BoundedSearch]: an index by state would have to change with each
/// transition. A page of n runs comes from at most n stacks: those with the newest runs. Only the
/// runs of these are read.
final class ListRuns {
  /// With one stack, a round reads one range of the index. With many, it reads a range for each.
  private static final BoundedSearch ONE_STACK = new BoundedSearch(200, 25);

  private static final BoundedSearch MANY_STACKS = new BoundedSearch(100, 10);

  /// Columns that are equal within a range are also part of its order. Otherwise PostgreSQL could
  /// read all runs of a stack and sort them.
  private static final String RANGE =
      """
      runhook.run r
          where (r.stack_id, r.created_at, r.id) >= (s.id, :lowerTime::timestamptz, :lowerId)
            and (r.stack_id, r.created_at, r.id) < (s.id, :upperTime::timestamptz, :upperId)
          order by r.stack_id desc, r.created_at desc, r.id desc\
      """;

  private static final String ROUND =
      """
      with latest_stack as (
        select s.id, s.account, s.slug
        from runhook.stack s cross join lateral (
          select r.created_at, r.id from RANGE limit 1) n
        where s.account = :account and (:allStacks or s.slug = any (:slugs))
        order by n.created_at desc, n.id desc limit :size
      ), candidate as (
        select c.*, row_number() over (order by c.created_at desc, c.id desc) as position
        from latest_stack s cross join lateral (
          select r.id, r.created_at, s.account, s.slug,
            ((:state::text is null or r.state = :state) and (:type::text is null or r.type = :type)
              and (:branch::text is null or r.branch = :branch)
              and (:namePrefix::text is null or starts_with(r.name, :namePrefix))
              and (:commitPrefix::text is null or starts_with(r.commit_hash, :commitPrefix))) as matches
          from RANGE limit :size) c
        order by c.created_at desc, c.id desc limit :size
      )
      select s.matches, s.position, COLUMNS
      from candidate s cross join lateral (select * from runhook.run r where r.id = s.id limit 1) r
      where s.matches or s.position = :size
      order by s.position limit :limit
      """
          .transform(define("RANGE", RANGE))
          .transform(define("COLUMNS", RunMapper.COLUMNS));

  private final TransactionScope transaction;

  ListRuns(TransactionScope transaction) {
    this.transaction = transaction;
  }

  Page<Run> list(AccountId account, StackScope scope, RunFilter filter, PageRequest page) {
    Position lower = Position.lowerBound(filter.from());
    return search(scope, filter, page)
        .find(
            page,
            (after, size, limit) -> {
              Position upper = Position.upperBound(filter.to(), after);
              return UnnestParameters.bindScope(scope, transaction.unpreparedQuery(ROUND))
                  .bind("account", account.name())
                  .bindMethods(filter)
                  .bind("lowerTime", lower.time())
                  .bind("lowerId", lower.id())
                  .bind("upperTime", upper.time())
                  .bind("upperId", upper.id())
                  .bind("size", size)
                  .bind("limit", limit)
                  .map((row, ignored) -> readCandidate(row))
                  .list();
            });
  }

  private static BoundedSearch search(StackScope scope, RunFilter filter, PageRequest page) {
    if (Stream.of(
            filter.state(),
            filter.type(),
            filter.branch(),
            filter.namePrefix(),
            filter.commitPrefix())
        .noneMatch(Optional::isPresent)) {
      return BoundedSearch.ofAll(page);
    }
    return scope instanceof StackScope.Only(Set<String> stacks) && stacks.size() <= 1
        ? ONE_STACK
        : MANY_STACKS;
  }

  private static Candidate<Run> readCandidate(ResultSet row) throws SQLException {
    Run run = RunMapper.read(row);
    Position position =
        new Position(SqlValues.format(run.createdAt()), row.getObject("id", UUID.class));
    return new Candidate<>(
        run, position.toCursor(), row.getBoolean("matches"), row.getInt("position"));
  }

  /// A position in the list.
  ///
  /// @param time a literal for `timestamptz`
  private record Position(String time, UUID id) {
    private static final DateTimeFormatter CURSOR_TIME =
        new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);
    private static final UUID MIN_ID = new UUID(0, 0);
    private static final Pattern CURSOR =
        Pattern.compile("(\\d{4}-[\\dT:.-]+Z)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    static Position lowerBound(Optional<Instant> from) {
      return new Position(from.map(SqlValues::formatBound).orElse("-infinity"), MIN_ID);
    }

    /// The exclusive end of the range: the cursor, if it is before `to`.
    ///
    /// @throws IllegalArgumentException if the cursor is not a position
    static Position upperBound(Optional<Instant> to, Optional<String> cursor) {
      Optional<Position> before = cursor.map(Position::parse);
      return before
          .filter(position -> to.map(Instant.parse(position.time())::isBefore).orElse(true))
          .orElseGet(() -> new Position(to.map(SqlValues::formatBound).orElse("infinity"), MIN_ID));
    }

    private static Position parse(String cursor) {
      Matcher matcher = CURSOR.matcher(cursor);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("\"" + cursor + "\" is not a cursor of this list");
      }
      String time = SqlValues.format(Instant.parse(matcher.group(1)));
      return new Position(time, UUID.fromString(matcher.group(2)));
    }

    /// Has a fixed number of digits, so that cursors sort as the runs do.
    String toCursor() {
      return CURSOR_TIME.format(Instant.parse(time)) + "/" + id;
    }
  }
}
