package dev.runhook.application.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/// How an installation divides its stacks into buckets. The same stack must always be in the same
/// bucket, so the number of buckets never changes, and neither does this class.
///
/// @param count 1 to [#MAX_COUNT]
public record Buckets(int count) {
  public static final int MAX_COUNT = 64;

  /// The bits of a UUIDv7 between its version and its variant are random (RFC 9562). The first six
  /// of them contain the bucket. The ids of one bucket keep the order in which they were generated.
  private static final int ID_SHIFT = 6;

  private static final long ID_MASK = (long) (MAX_COUNT - 1) << ID_SHIFT;

  public Buckets {
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException("must be from 1 to " + MAX_COUNT);
    }
  }

  /// Returns the number of the stack's bucket: the CRC-32 of its account, a colon and its slug,
  /// modulo the number of buckets.
  public int of(StackId stack) {
    return of(stack.account(), stack.slug());
  }

  private int of(AccountId account, String slug) {
    if (count == 1) {
      return 0;
    }
    CRC32 hash = new CRC32();
    hash.update((account.name() + ":" + slug).getBytes(UTF_8));
    return (int) (hash.getValue() % count);
  }

  /// Returns the number of the bucket in an id that [#ids] generated. Any other id belongs to some
  /// bucket too, which does not contain it.
  public int of(UUID id) {
    return (int) ((id.getMostSignificantBits() & ID_MASK) >>> ID_SHIFT) % count;
  }

  /// Returns a generator that writes the bucket into the ids of what belongs to a stack. With one
  /// bucket, ids do not change.
  public IdGenerator ids(IdGenerator generator) {
    return count == 1 ? generator : new Ids(generator, this);
  }

  /// @param stores one for each bucket, in the order of their numbers; the first is the home bucket
  public BucketRouter router(List<? extends Bucket> stores) {
    if (stores.size() != count) {
      throw new IllegalArgumentException(stores.size() + " stores for " + count + " buckets");
    }
    return new Router(List.copyOf(stores), this);
  }

  private record Ids(IdGenerator generator, Buckets buckets) implements IdGenerator {
    @Override
    public UUID next() {
      return generator.next();
    }

    @Override
    public UUID next(StackId stack) {
      UUID id = generator.next();
      long bucket = (long) buckets.of(stack) << ID_SHIFT;
      return new UUID(
          (id.getMostSignificantBits() & ~ID_MASK) | bucket, id.getLeastSignificantBits());
    }

    @Override
    public String nextRunName() {
      return generator.nextRunName();
    }
  }

  private record Router(List<Bucket> all, Buckets buckets) implements BucketRouter {
    @Override
    public Bucket of(StackId stack) {
      return all.get(buckets.of(stack));
    }

    @Override
    public List<Bucket> of(AccountId account, StackScope stackScope) {
      if (all.size() == 1) {
        return all;
      }
      return switch (stackScope) {
        case StackScope.All() -> all;
        case StackScope.Only(var stacks) ->
            stacks.stream()
                .map(slug -> buckets.of(account, slug))
                .distinct()
                .map(all::get)
                .toList();
      };
    }

    @Override
    public Bucket of(DeliveryId delivery) {
      return all.get(buckets.of(delivery.value()));
    }
  }
}
