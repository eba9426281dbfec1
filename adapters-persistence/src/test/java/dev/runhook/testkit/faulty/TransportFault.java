package dev.runhook.testkit.faulty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Payload;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A fault that can be added to any transport.
interface TransportFault {
  Transport addTo(Transport correct);

  static TransportFault none() {
    return correct -> correct;
  }

  static TransportFault sendsNothing() {
    return ignored -> request -> Outcome.Responded.of(202);
  }

  static TransportFault throwsWithoutMessage() {
    return correct ->
        request -> {
          Outcome outcome = correct.post(request);
          if (outcome.countsAsFailure()) {
            throw new IllegalStateException();
          }
          return outcome;
        };
  }

  static TransportFault decodesPayloadAsText() {
    return correct ->
        request ->
            correct.post(
                with(
                    request,
                    Payload.of(request.payload().text().getBytes(UTF_8)),
                    request.timeout()));
  }

  static TransportFault ignoresTimeout() {
    return correct ->
        request -> correct.post(with(request, request.payload(), Duration.ofSeconds(4)));
  }

  static TransportFault ignoresInterrupts() {
    return correct ->
        request -> {
          Outcome outcome;
          do {
            outcome = correct.post(request);
          } while (Thread.interrupted());
          return outcome;
        };
  }

  /// Works only in the thread that uses it first.
  static TransportFault servesOneThread() {
    AtomicReference<@Nullable Thread> user = new AtomicReference<>();
    return correct ->
        request -> {
          user.compareAndSet(null, Thread.currentThread());
          if (user.get() != Thread.currentThread()) {
            throw new IllegalStateException("used by another thread");
          }
          return correct.post(request);
        };
  }

  private static SignedRequest with(SignedRequest request, Payload payload, Duration timeout) {
    return new SignedRequest(
        request.account(), request.endpoint(), request.headers(), payload, timeout);
  }
}
