package dev.runhook.http.api;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;

/// Knows in which database of the installation something is. Databases are numbered from 0, and
/// database 0 has the home bucket.
public interface Placement {
  /// For an installation with one database.
  Placement ONE_DATABASE =
      new Placement() {
        @Override
        public int of(StackId stack) {
          return 0;
        }

        @Override
        public int of(DeliveryId delivery) {
          return 0;
        }

        @Override
        public int ofAccount() {
          return 0;
        }
      };

  int of(StackId stack);

  /// Returns the database that has the delivery if the delivery exists.
  int of(DeliveryId delivery);

  /// Returns a number for what is in several databases, such as the list of all stacks. With one
  /// database, it is that one.
  int ofAccount();
}
