package dev.runhook.persistence.jdbi;

import dev.runhook.application.spi.Buckets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The PostgreSQL schema with the tables of one bucket.
///
/// @param installation the name of the schema of an installation with one bucket; the names of
///   several begin with it
/// @param number the number of the bucket, starting at 0
/// @param suffix ends the name of a schema that no process uses
public record BucketSchema(String installation, int number, Buckets buckets, String suffix) {
  static final String RUNHOOK = "runhook";

  /// The schema of an installation with one bucket. All statements are written for it.
  public static final BucketSchema ONLY = new BucketSchema(0, new Buckets(1));

  private static final Pattern NAME = Pattern.compile(RUNHOOK + "(_[a-z0-9_]{1,40})?");

  /// The ends of names that the schemas of buckets have.
  private static final Pattern RESERVED = Pattern.compile(".*_([0-9]{2}|copy|moved)");

  public BucketSchema(int number, Buckets buckets) {
    this(RUNHOOK, number, buckets, "");
  }

  /// Returns the schema of an installation with one bucket and a name of its own, so that several
  /// can be in one database.
  ///
  /// @param name `runhook`, or a name like `runhook_billing`
  /// @throws IllegalArgumentException if the name has another form, or that of a bucket
  public static BucketSchema named(String name) {
    if (!NAME.matcher(name).matches() || RESERVED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" must be \"runhook\" or \"runhook_\" with up to 40 of a-z, 0-9 and _, and must not end"
                  .formatted(name)
              + " like the schemas of buckets: with _ and two digits, _copy or _moved");
    }
    return new BucketSchema(name, 0, new Buckets(1), "");
  }

  /// Returns the schemas of all buckets in the order of their numbers.
  public static List<BucketSchema> all(Buckets buckets) {
    return IntStream.range(0, buckets.count())
        .mapToObj(number -> new BucketSchema(number, buckets))
        .toList();
  }

  public String name() {
    return (buckets.count() == 1 ? installation : "%s_%02d".formatted(installation, number))
        + suffix;
  }

  /// Returns the schema in which another database gets the bucket, until it is complete.
  public BucketSchema copy() {
    return new BucketSchema(installation, number, buckets, "_copy");
  }

  /// Returns the schema that the bucket leaves behind when it has moved to another database.
  public BucketSchema moved() {
    return new BucketSchema(installation, number, buckets, "_moved");
  }

  /// Returns the channel of the installation for NOTIFY.
  public String channel() {
    return installation + "_due";
  }
}
