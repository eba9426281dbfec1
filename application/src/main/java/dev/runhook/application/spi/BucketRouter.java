package dev.runhook.application.spi;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Finds the bucket of a stack. A bucket is a store with everything that belongs to its stacks, so
/// each transaction needs one bucket only. The home bucket also has what belongs to no stack, such
/// as tokens and sessions.
///
/// Most installations have one bucket, and so have all hosts: a `Transactor` is the router of its
/// store. [Buckets] routes to several. Thread-safe.
public interface BucketRouter {
  /// Returns the bucket of the stack, always the same object for the same stack.
  Bucket of(StackId stack);

  /// Returns the bucket that has the delivery if the delivery exists.
  Bucket of(DeliveryId delivery);

  /// Returns all buckets, the home bucket first.
  List<Bucket> all();

  default Bucket home() {
    return all().getFirst();
  }

  /// Returns the buckets of the stacks in the scope, which need not exist.
  List<Bucket> of(AccountId account, StackScope stackScope);

  /// Returns a page of a list over these buckets, as one store with all of their items would. Each
  /// bucket is queried in a transaction of its own. The cursors of stacks, webhooks, runs,
  /// deliveries and audit events sort as texts. The page names the buckets that are unavailable.
  ///
  /// @param order the order of the list, by the text of its cursors
  /// @throws StoreUnavailableException if all buckets are unavailable
  static <T> Page<T> list(
      List<Bucket> buckets,
      PageRequest page,
      Comparator<String> order,
      Function<UnitOfWork, Page<T>> query) {
    List<Integer> unavailable = new ArrayList<>();
    List<Page<T>> pages = askAvailable(buckets, query, bucket -> unavailable.add(bucket.number()));
    return Page.merge(pages, page, order).withUnavailableBuckets(unavailable);
  }

  /// Returns the results of a query in those of these buckets that are available.
  ///
  /// @param onUnavailable is called with the others
  /// @throws StoreUnavailableException if all buckets are unavailable
  static <T> List<T> askAvailable(
      List<Bucket> buckets, Function<UnitOfWork, T> query, Consumer<Bucket> onUnavailable) {
    List<T> results = new ArrayList<>();
    Optional<StoreUnavailableException> failure = Optional.empty();
    for (Bucket bucket : buckets) {
      try {
        results.add(bucket.inTransaction(query));
      } catch (StoreUnavailableException e) {
        onUnavailable.accept(bucket);
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent() && results.isEmpty()) {
      throw failure.get();
    }
    return results;
  }

  /// Returns what the first of these buckets finds that has it.
  ///
  /// @throws StoreUnavailableException if none has it and one of them is unavailable
  static <T> Optional<T> find(List<Bucket> buckets, Function<UnitOfWork, Optional<T>> query) {
    Optional<StoreUnavailableException> failure = Optional.empty();
    for (Bucket bucket : buckets) {
      try {
        Optional<T> found = bucket.inTransaction(query);
        if (found.isPresent()) {
          return found;
        }
      } catch (StoreUnavailableException e) {
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return Optional.empty();
  }

  /// Counts something in all buckets except one, in a transaction for each. A limit that includes
  /// the result can be exceeded by as many units as run at the same time in different buckets, and
  /// by what is in buckets that are unavailable.
  default int countOutside(Bucket bucket, ToIntFunction<UnitOfWork> count) {
    int sum = 0;
    for (Bucket other : all()) {
      try {
        sum += other.equals(bucket) ? 0 : other.<Integer>inSnapshot(count::applyAsInt);
      } catch (StoreUnavailableException ignored) {
        // a stack must not depend on the databases of others
      }
    }
    return sum;
  }

  /// Handles all items, such as buckets, even if some fail. Then the first failure is thrown.
  static <T> void forEach(Collection<T> items, Consumer<T> action) {
    Optional<RuntimeException> failure = Optional.empty();
    for (T item : items) {
      try {
        action.accept(item);
      } catch (RuntimeException e) {
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
