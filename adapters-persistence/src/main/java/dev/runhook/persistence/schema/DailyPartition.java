package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.IdRange;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// The partition of a table for one day (UTC), by the time in the UUIDv7 ids of its rows.
public record DailyPartition(String table, LocalDate day) {
  private static final List<String> TABLES =
      List.of("event", "skipped_delivery", "delivery", "attempt", "audit_event");

  public static Stream<DailyPartition> ofAllTables(LocalDate day) {
    return TABLES.stream().map(table -> new DailyPartition(table, day));
  }

  private static DailyPartition parse(String name) {
    int separator = name.lastIndexOf('_');
    return new DailyPartition(
        name.substring(0, separator),
        LocalDate.parse(name.substring(separator + 1), DateTimeFormatter.BASIC_ISO_DATE));
  }

  /// All existing daily partitions.
  static List<DailyPartition> findAll(Handle handle) {
    return handle
        .createQuery(
            """
            select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where c.relkind = 'r' and c.relnamespace = 'runhook'::regnamespace and c.relname ~ '_[0-9]{8}$'
            order by c.relname
            """)
        .mapTo(String.class)
        .map(DailyPartition::parse)
        .list();
  }

  public String name() {
    return table + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
  }

  /// The smallest UUIDv7 of that day.
  static UUID lowerBound(LocalDate day) {
    return IdRange.lowerBound(day.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /// Creates the partition unless it exists. It is attached when it is complete, so that writers to
  /// the table do not wait for long. In a schema that Citus has distributed, [#disableStatistics]
  /// must follow after the commit. Returns whether it was created.
  boolean create(Handle handle) {
    boolean exists =
        handle
            .createQuery("select to_regclass('runhook.%s') is not null".formatted(name()))
            .mapTo(boolean.class)
            .one();
    if (exists) {
      return false;
    }
    handle.execute(
        "create table runhook.%s (like runhook.%s including all)".formatted(name(), table));
    if (!CitusSchema.isDistributed(handle)) {
      for (String column : columnsWithoutStatistics(handle)) {
        handle.execute(withoutStatistics("runhook." + name(), column));
      }
    }
    handle.execute(
        "alter table runhook.%s attach partition runhook.%s for values from ('%s') to ('%s')"
            .formatted(table, name(), lowerBound(day), lowerBound(day.plusDays(1))));
    return true;
  }

  /// Does on the node that has the partition what Citus does not pass on to it.
  void disableStatistics(Handle handle) {
    String failures =
        "select result from run_command_on_shards('runhook.%s', :command) where not success"
            .formatted(name());
    for (String column : columnsWithoutStatistics(handle)) {
      handle
          .createQuery(failures)
          .bind("command", withoutStatistics("%s", column))
          .mapTo(String.class)
          .findFirst()
          .ifPresent(failure -> {
            throw new IllegalStateException("cannot alter %s: %s".formatted(name(), failure));
          });
    }
  }

  private static String withoutStatistics(String table, String column) {
    return "alter table %s alter column %s set statistics 0".formatted(table, column);
  }

  /// The columns for which PostgreSQL must not store samples. `including all` does not copy this.
  private List<String> columnsWithoutStatistics(Handle handle) {
    return handle
        .createQuery(
            """
            select attname from pg_attribute
            where attrelid = 'runhook.%s'::regclass and attstattarget = 0 and attnum > 0 and not attisdropped
            order by attnum
            """
                .formatted(table))
        .mapTo(String.class)
        .list();
  }

  /// Drops the partition with all its rows. Returns false if another process has dropped it.
  boolean drop(Handle handle) {
    boolean exists = findAll(handle).contains(this);
    if (exists) {
      handle.execute("drop table runhook." + name());
    }
    return exists;
  }

  /// Deletes the rows of earlier days. Returns their number.
  ///
  /// @param partition `_default` for the default partitions, or empty for all
  static int deleteRows(Handle handle, LocalDate day, String partition) {
    return TABLES.stream()
        .mapToInt(table ->
            handle.execute(
                "delete from runhook.%s%s where %s < ?".formatted(table, partition, key(table)),
                lowerBound(day)))
        .sum();
  }

  private static String key(String table) {
    return switch (table) {
      case "skipped_delivery" -> "event_id";
      case "attempt" -> "delivery_id";
      default -> "id";
    };
  }
}
