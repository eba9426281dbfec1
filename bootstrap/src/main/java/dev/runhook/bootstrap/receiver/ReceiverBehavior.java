package dev.runhook.bootstrap.receiver;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/// How a receiver treats what it gets. Called from many threads.
public interface ReceiverBehavior {
  /// Decides what a delivery is answered, and may take its time.
  DeliveryResponse respond(ReceivedDelivery receivedDelivery) throws InterruptedException;

  /// Is told when the answer is sent, or could not be.
  default void onResponseSent(ReceivedDelivery receivedDelivery) {}

  /// Accepts what is verified and nothing else.
  static ReceiverBehavior verifying() {
    return DeliveryResponse::byVerification;
  }

  /// Answers the first so many with a status that is a failure, and the others as this one does.
  default ReceiverBehavior failingFirst(int times, int status) {
    AtomicInteger left = new AtomicInteger(times);
    return receivedDelivery ->
        left.getAndUpdate(n -> Math.max(0, n - 1)) > 0
            ? DeliveryResponse.of(status, "as told by --fail")
            : respond(receivedDelivery);
  }

  /// Tells of each as soon as it is decided.
  default ReceiverBehavior notifying(BiConsumer<ReceivedDelivery, DeliveryResponse> listener) {
    return receivedDelivery -> {
      DeliveryResponse deliveryResponse = respond(receivedDelivery);
      listener.accept(receivedDelivery, deliveryResponse);
      return deliveryResponse;
    };
  }

  /// Waits before each answer.
  default ReceiverBehavior delayed(Duration delay) {
    return receivedDelivery -> {
      DeliveryResponse deliveryResponse = respond(receivedDelivery);
      Thread.sleep(delay);
      return deliveryResponse;
    };
  }
}
