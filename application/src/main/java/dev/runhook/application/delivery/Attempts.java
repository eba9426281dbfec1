package dev.runhook.application.delivery;

import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Imprint;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.SecretUnreadableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Makes attempts: signs, posts, and says what came of it. Whatever happens is an outcome.
final class Attempts {
  private final Dispatcher.Sender sender;
  private final DispatchRules rules;
  private final Dispatcher.Surroundings surroundings;

  Attempts(Dispatcher.Sender sender, DispatchRules rules, Dispatcher.Surroundings surroundings) {
    this.sender = sender;
    this.rules = rules;
    this.surroundings = surroundings;
  }

  Sent make(Parcel parcel) {
    Instant startedAt = surroundings.clock().instant();
    long begin = surroundings.ticker().getAsLong();
    Posted posted = post(parcel, startedAt);
    Outcome outcome = posted.outcome();
    long end = surroundings.ticker().getAsLong();
    Attempt plain =
        new Attempt(parcel.lease().attempt(), startedAt, Duration.ofNanos(end - begin), outcome);
    Attempt attempt = posted.imprint().map(plain::leaving).orElse(plain);
    Fate fate =
        rules
            .scheduleOf(parcel.webhook())
            .after(parcel.lease().failures(), outcome, surroundings.random());
    return new Sent(parcel, attempt, fate, end);
  }

  /// @param imprint of the request, if one was made and let out
  private record Posted(Outcome outcome, Optional<Imprint> imprint) {
    static Posted nothing(Outcome outcome) {
      return new Posted(outcome, Optional.empty());
    }
  }

  private Posted post(Parcel parcel, Instant startedAt) {
    try {
      RequestFactory.Made made = sender.requests().make(parcel, startedAt);
      Outcome outcome = sender.transport().post(made.request());
      return outcome instanceof Outcome.Refused
          ? Posted.nothing(outcome)
          : new Posted(outcome, Optional.of(made.imprint()));
    } catch (SecretUnreadableException e) { // nothing goes out unsigned
      return Posted.nothing(new Outcome.Faulted(String.valueOf(e.getMessage())));
    } catch (RuntimeException
        | Error bug) { // ours, not the receiver's: it must use up an attempt and be seen
      sender.observer().troubled("sending delivery " + parcel.lease().delivery(), bug);
      return Posted.nothing(
          new Outcome.Faulted("Runhook failed to send this: " + bug.getClass().getSimpleName()));
    }
  }
}
