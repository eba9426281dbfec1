package dev.runhook.http.server;

import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.schema.Installation;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.persistence.secret.EncryptionKey;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.testkit.postgres.TemplateDatabase;
import dev.runhook.testkit.postgres.TestDatabase;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The buckets of an empty PostgreSQL database, which a test can make fail. The system property
/// `runhook.buckets` sets their number.
public final class BreakableStore implements AutoCloseable {
  public static final Buckets BUCKETS = new Buckets(Integer.getInteger("runhook.buckets", 1));

  private static final List<BucketSchema> SCHEMAS = BucketSchema.all(BUCKETS);
  private static final SecretCipher CIPHER =
      new SecretCipher(Optional.of(EncryptionKey.parse("0a".repeat(32))), List.of());
  private static final TemplateDatabase TEMPLATE =
      TemplateDatabase.migrated(empty ->
          new Installation(SCHEMAS.stream().map(schema -> new Schema(empty, schema)).toList())
              .migrate());

  /// What a database keeps for the next test: its prepared statements and parsed SQL.
  private static final Map<TestDatabase, List<JdbiTransactor>> TRANSACTORS =
      new ConcurrentHashMap<>();

  public final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  /// Whether a bucket with this number has the failure.
  public volatile IntPredicate isBroken = ignored -> true;

  /// The thread of the last transaction.
  public final AtomicReference<@Nullable Thread> lastThread = new AtomicReference<>();

  private final ThreadLocal<Integer> open = ThreadLocal.withInitial(() -> 0);
  private final TestDatabase database = TEMPLATE.take();

  BucketRouter router() {
    return BUCKETS.router(
        TRANSACTORS.computeIfAbsent(database, BreakableStore::transactors).stream()
            .map(Breakable::new)
            .toList());
  }

  private static List<JdbiTransactor> transactors(TestDatabase database) {
    return JdbiTransactor.ofBuckets(Collections.nCopies(BUCKETS.count(), database.pool()), CIPHER);
  }

  /// Whether the calling thread has an open transaction.
  boolean isInTransaction() {
    return open.get() > 0;
  }

  /// Changes rows behind the back of the store.
  public void execute(String sql) {
    database.execute(sql);
  }

  @Override
  public void close() {
    TEMPLATE.recycle(database);
  }

  private final class Breakable implements Transactor {
    private final Transactor whole;

    private Breakable(Transactor whole) {
      this.whole = whole;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      return counted(() -> whole.<T>inTransaction(work));
    }

    @Override
    public <T extends @Nullable Object> T inSnapshot(Function<UnitOfWork, T> work) {
      return counted(() -> whole.<T>inSnapshot(work));
    }

    @Override
    public Bucket server() {
      return whole.server();
    }

    @Override
    public int number() {
      return whole.number();
    }

    private <T extends @Nullable Object> T counted(Supplier<T> transaction) {
      RuntimeException broken = failure.get();
      if (broken != null && isBroken.test(number())) {
        throw broken;
      }
      lastThread.set(Thread.currentThread());
      open.set(open.get() + 1);
      try {
        return transaction.get();
      } finally {
        open.set(open.get() - 1);
      }
    }
  }
}
