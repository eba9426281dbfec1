package dev.runhook.diagnosis.certification;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Sends about 25 requests to a receiver, each of which it must accept or refuse, and reports what
/// it does. The first checks are those of a server ([ReceiverCheck]). The requests stop after a
/// minute. An instance serves one thread and one receiver.
public final class Certification {
  private static final Duration MAX_DURATION = Duration.ofMinutes(1);

  private final Sender sender;
  private final Consumer<ReceiverCheck> listener;
  private final List<ReceiverCheck> checks = new ArrayList<>();
  private Duration elapsed = Duration.ZERO;

  private Certification(Sender sender, Consumer<ReceiverCheck> listener) {
    this.sender = sender;
    this.listener = listener;
  }

  /// Sends requests to the receiver.
  public interface Sender {
    /// Sends a request once and waits for the response.
    Attempt send(List<Header> headers, Payload body);
  }

  /// Tests a receiver.
  ///
  /// @param isTls whether its endpoint is an https URL
  /// @param listener is notified of each check when it ends
  /// @return all checks, each once
  public static List<ReceiverCheck> certify(
      boolean isTls, SampleRequests samples, Sender sender, Consumer<ReceiverCheck> listener) {
    Certification certification = new Certification(sender, listener);
    certification.run(isTls, samples);
    return List.copyOf(certification.checks);
  }

  private void run(boolean isTls, SampleRequests samples) {
    SampleRequest delivery = samples.delivery();
    Attempt first = send(delivery);
    Attempt measured = isSlow(first) ? send(samples.delivery()) : first; // the first may start it
    ReceiverCheck.ofDelivery(isTls, first.outcome(), measured.duration()).forEach(this::report);
    boolean isAccepted = first.outcome().isDelivered();
    report(
        isAccepted
            ? ReceiverCheck.ofForgery(send(samples.forgery()).outcome())
            : ReceiverCheck.skipped(ReceiverCheck.VERIFIES, Trial.NOT_ACCEPTED));
    boolean isVerified = checks.getLast().result() == ReceiverCheck.Result.PASSED;
    boolean coversTime =
        isVerified && !send(samples.deliveryWithAnotherId()).outcome().isDelivered();
    for (Trial trial : Trial.all(samples, delivery)) {
      report(
          trial
              .reasonToSkip(isAccepted, isVerified, coversTime)
              .map(reason -> ReceiverCheck.skipped(trial.name(), reason))
              .orElseGet(() -> run(trial)));
    }
  }

  private static boolean isSlow(Attempt attempt) {
    return attempt.outcome().isDelivered()
        && attempt.duration().compareTo(ReceiverCheck.MAX_RESPONSE_TIME) > 0;
  }

  private ReceiverCheck run(Trial trial) {
    for (SampleRequest request : trial.requests()) {
      if (elapsed.compareTo(MAX_DURATION) > 0) {
        return ReceiverCheck.failed(trial.name(), "not tried, because the others took a minute");
      }
      ReceiverCheck check = trial.check(send(request).outcome());
      if (check.result() != ReceiverCheck.Result.PASSED) {
        return check;
      }
    }
    return ReceiverCheck.passed(trial.name());
  }

  private Attempt send(SampleRequest request) {
    Attempt attempt = sender.send(request.headers(), request.body());
    elapsed = elapsed.plus(attempt.duration());
    return attempt;
  }

  private void report(ReceiverCheck check) {
    checks.add(check);
    listener.accept(check);
  }
}
