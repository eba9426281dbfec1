package dev.runhook.diagnosis.certification;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Sends about 25 requests to a receiver, each of which it must accept or refuse, and reports what
/// it does. The first checks are those of a server ([ReceiverCheck]). All requests together take a
/// minute at most: checks for which no time is left are skipped. An instance serves one thread and
/// one receiver.
public final class Certification {
  private static final Duration MAX_DURATION = Duration.ofMinutes(1);
  private static final String NO_TIME = "not tried, because the others took a minute";

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
    ///
    /// @param maxWait the longest time to wait; positive
    Attempt send(List<Header> headers, Payload body, Duration maxWait);
  }

  /// Tests a receiver.
  ///
  /// @param isTls whether its endpoint is an https URL
  /// @param listener is notified of each check when it ends
  /// @return all checks, each once
  public static List<ReceiverCheck> certify(
      boolean isTls,
      CertificationRequests samples,
      Sender sender,
      Consumer<ReceiverCheck> listener) {
    Certification certification = new Certification(sender, listener);
    certification.run(isTls, samples);
    return List.copyOf(certification.checks);
  }

  private void run(boolean isTls, CertificationRequests samples) {
    SampleRequest delivery = samples.delivery();
    Attempt first = send(delivery);
    Attempt measured =
        isSlow(first) && hasTime() ? send(samples.delivery()) : first; // the first may start it
    ReceiverCheck.ofDelivery(isTls, first.outcome(), measured.duration()).forEach(this::report);
    boolean isAccepted = first.outcome().isDelivered();
    report(
        isAccepted
            ? check(ReceiverCheck.VERIFIES, samples.forgery(), ReceiverCheck::ofForgery)
            : ReceiverCheck.skipped(ReceiverCheck.VERIFIES, Trial.NOT_ACCEPTED));
    boolean isVerified = checks.getLast().result() == ReceiverCheck.Result.PASSED;
    boolean coversTime =
        isVerified
            && hasTime()
            && ReceiverCheck.isRefusal(send(samples.deliveryWithAnotherId()).outcome());
    for (Trial trial : Trial.all(samples, delivery)) {
      Optional<String> reason =
          hasTime() ? trial.reasonToSkip(isAccepted, isVerified, coversTime) : Optional.of(NO_TIME);
      report(
          reason
              .map(text -> ReceiverCheck.skipped(trial.name(), text))
              .orElseGet(() -> run(trial)));
    }
  }

  private static boolean isSlow(Attempt attempt) {
    return attempt.outcome().isDelivered()
        && attempt.duration().compareTo(ReceiverCheck.MAX_RESPONSE_TIME) > 0;
  }

  private ReceiverCheck run(Trial trial) {
    for (SampleRequest request : trial.requests()) {
      ReceiverCheck check = check(trial.name(), request, trial::check);
      if (check.result() != ReceiverCheck.Result.PASSED) {
        return check;
      }
    }
    return ReceiverCheck.passed(trial.name());
  }

  /// Sends a request and checks its outcome, unless the time ends before or while it waits.
  private ReceiverCheck check(
      String name, SampleRequest request, Function<Outcome, ReceiverCheck> check) {
    if (!hasTime()) {
      return ReceiverCheck.skipped(name, NO_TIME);
    }
    Outcome outcome = send(request).outcome();
    return outcome.code() == Outcome.Code.TIMEOUT && !hasTime()
        ? ReceiverCheck.skipped(name, "not finished, because the others took most of a minute")
        : check.apply(outcome);
  }

  private boolean hasTime() {
    return elapsed.compareTo(MAX_DURATION) < 0;
  }

  private Attempt send(SampleRequest request) {
    Attempt attempt = sender.send(request.headers(), request.body(), MAX_DURATION.minus(elapsed));
    elapsed = elapsed.plus(attempt.duration());
    return attempt;
  }

  private void report(ReceiverCheck check) {
    checks.add(check);
    listener.accept(check);
  }
}
