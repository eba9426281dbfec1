package dev.runhook.persistence.history;

import dev.runhook.persistence.jdbi.IdRange;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// The part of a table that holds one day (UTC), by the time in the UUIDv7 keys of its rows.
public record DailyPartition(String table, LocalDate day) {
  private static final List<String> TABLES =
      List.of("transition", "event", "skipped_delivery", "delivery", "attempt", "audit_event");

  public static Stream<DailyPartition> ofAllTables(LocalDate day) {
    return TABLES.stream().map(table -> new DailyPartition(table, day));
  }

  static DailyPartition parse(String name) {
    int end = name.lastIndexOf('_');
    return new DailyPartition(
        name.substring(0, end),
        LocalDate.parse(name.substring(end + 1), DateTimeFormatter.BASIC_ISO_DATE));
  }

  /// The names of all parts that there are.
  static Set<String> names(Handle handle) {
    return new TreeSet<>(
        handle
            .createQuery(
                """
                select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where c.relkind = 'r' and c.relnamespace = 'runhook'::regnamespace and c.relname ~ '_[0-9]{8}$'
                """)
            .mapTo(String.class)
            .list());
  }

  public String name() {
    return table + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
  }

  /// The least UUIDv7 that may come to be on that day.
  static UUID lowerBound(LocalDate day) {
    return IdRange.lowerBound(day.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /// Makes the part, unless it is there. It is attached only when it is complete: so writers to the
  /// table need not wait.
  public void create(Handle handle) {
    boolean there =
        handle
            .createQuery("select to_regclass(:name) is not null")
            .bind("name", "runhook." + name())
            .mapTo(boolean.class)
            .one();
    if (there) {
      return;
    }
    handle.execute(
        "create table runhook." + name() + " (like runhook." + table + " including all)");
    unsampled(handle)
        .forEach(column ->
            handle.execute(
                "alter table runhook." + name() + " alter column " + column + " set statistics 0"));
    handle.execute(
        "alter table runhook."
            + table
            + " attach partition runhook."
            + name()
            + " for values from ('"
            + lowerBound(day)
            + "') to ('"
            + lowerBound(day.plusDays(1))
            + "')");
  }

  /// Columns that PostgreSQL is to keep no samples of, which `including all` does not take over.
  private List<String> unsampled(Handle handle) {
    return handle
        .createQuery(
            "select attname from pg_attribute where attrelid = :table::regclass and attstattarget = 0 and attnum > 0 and not attisdropped order by attnum")
        .bind("table", "runhook." + table)
        .mapTo(String.class)
        .list();
  }

  /// Drops the part with all its rows; returns 1, or 0 where somebody else just did.
  int drop(Handle handle) {
    boolean there = names(handle).contains(name());
    if (there) {
      handle.execute("drop table runhook." + name());
    }
    return there ? 1 : 0;
  }

  /// Deletes rows of days before that one from where they are that have no day's part; returns how
  /// many those were.
  static int deleteFromDefaultPartitions(Handle handle, LocalDate day) {
    return TABLES.stream()
        .mapToInt(table ->
            handle
                .createUpdate(
                    "delete from runhook."
                        + table
                        + "_default where "
                        + key(table)
                        + " < :least::uuid")
                .bind("least", lowerBound(day))
                .execute())
        .sum();
  }

  private static String key(String table) {
    return switch (table) {
      case "transition" -> "run_id";
      case "skipped_delivery" -> "event_id";
      case "attempt" -> "delivery_id";
      default -> "id";
    };
  }
}
