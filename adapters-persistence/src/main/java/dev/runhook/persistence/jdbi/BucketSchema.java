package dev.runhook.persistence.jdbi;

import dev.runhook.application.spi.Buckets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.TemplateEngine;

/// The PostgreSQL schema with the tables of one bucket.
///
/// @param number the number of the bucket, starting at 0
/// @param suffix ends the name of a schema that no process uses
public record BucketSchema(int number, Buckets buckets, String suffix) {
  /// The schema of an installation with one bucket. All statements are written for it.
  public static final BucketSchema ONLY = new BucketSchema(0, new Buckets(1));

  private static final String RUNHOOK = "runhook";

  /// The schema as the qualifier of a name, or as a literal.
  private static final Pattern REFERENCE =
      Pattern.compile("\\b%1$s(?=\\.)|(?<=')%1$s(?=')".formatted(RUNHOOK));

  public BucketSchema(int number, Buckets buckets) {
    this(number, buckets, "");
  }

  /// Returns the schemas of all buckets in the order of their numbers.
  public static List<BucketSchema> all(Buckets buckets) {
    return IntStream.range(0, buckets.count())
        .mapToObj(number -> new BucketSchema(number, buckets))
        .toList();
  }

  public String name() {
    return (buckets.count() == 1 ? RUNHOOK : "%s_%02d".formatted(RUNHOOK, number)) + suffix;
  }

  /// Returns the schema in which another database gets the bucket, until it is complete.
  public BucketSchema copy() {
    return new BucketSchema(number, buckets, "_copy");
  }

  /// Returns the schema that the bucket leaves behind when it has moved to another database.
  public BucketSchema moved() {
    return new BucketSchema(number, buckets, "_moved");
  }

  /// Returns the engine that writes this schema into statements.
  TemplateEngine templateEngine() {
    return equals(ONLY) ? TemplateEngine.NOP : new Renaming(name(), new ConcurrentHashMap<>());
  }

  private record Renaming(String schema, Map<String, String> renamed) implements TemplateEngine {
    @Override
    public String render(String template, StatementContext context) {
      return renamed.computeIfAbsent(
          template, sql -> REFERENCE.matcher(sql).replaceAll(Matcher.quoteReplacement(schema)));
    }
  }
}
