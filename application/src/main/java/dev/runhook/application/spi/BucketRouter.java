package dev.runhook.application.spi;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;
import java.util.Comparator;
import java.util.List;
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
  /// deliveries and audit events sort as texts.
  ///
  /// @param order the order of the list, by the text of its cursors
  static <T> Page<T> list(
      List<Bucket> buckets,
      PageRequest page,
      Comparator<String> order,
      Function<UnitOfWork, Page<T>> query) {
    return Page.merge(
        buckets.stream().map(bucket -> bucket.inTransaction(query)).toList(), page, order);
  }

  /// Counts something in all buckets except one, in a transaction for each. A limit that includes
  /// the result can be exceeded by as many units as run at the same time in different buckets.
  default int countOutside(Bucket bucket, ToIntFunction<UnitOfWork> count) {
    return all().stream()
        .filter(other -> !other.equals(bucket))
        .mapToInt(other -> other.<Integer>inSnapshot(count::applyAsInt))
        .sum();
  }
}
