package dev.runhook.application.spi;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;
import java.util.List;

/// Runs work in a transaction of one store, which is the only bucket of an installation unless
/// [Buckets] routes to several. Thread-safe.
public interface Transactor extends Bucket, BucketRouter {
  @Override
  default Bucket of(StackId stack) {
    return this;
  }

  @Override
  default Bucket of(DeliveryId delivery) {
    return this;
  }

  @Override
  default List<Bucket> of(AccountId account, StackScope stackScope) {
    return all();
  }

  @Override
  default List<Bucket> all() {
    return List.of(this);
  }
}
