package dev.runhook.diagnosis.receiver;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/// Decides how a receiver responds to deliveries. Implementations must be thread-safe.
public interface ReceiverBehavior {
  /// Returns the response to a delivery. May block.
  DeliveryResponse respond(ReceivedDelivery delivery) throws InterruptedException;

  /// Responds with 204 to a verified delivery and with 401 to any other.
  static ReceiverBehavior verifying() {
    return DeliveryResponse::byVerification;
  }

  /// Responds to the first deliveries with a status, and to all others as this behavior does.
  default ReceiverBehavior failingFirst(int times, int status) {
    AtomicInteger left = new AtomicInteger(times);
    return delivery ->
        left.getAndUpdate(n -> Math.max(0, n - 1)) > 0
            ? DeliveryResponse.of(status, "a simulated failure")
            : respond(delivery);
  }

  /// Notifies a listener of each delivery and its response before the response is sent.
  default ReceiverBehavior notifying(BiConsumer<ReceivedDelivery, DeliveryResponse> listener) {
    return delivery -> {
      DeliveryResponse response = respond(delivery);
      listener.accept(delivery, response);
      return response;
    };
  }

  /// Waits before each response.
  default ReceiverBehavior delayed(Duration delay) {
    return delivery -> {
      DeliveryResponse response = respond(delivery);
      Thread.sleep(delay);
      return response;
    };
  }
}
