package dev.runhook.application.delivery;

import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.SecretUnreadableException;
import java.time.Duration;
import java.time.Instant;

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
    Outcome outcome = post(parcel, startedAt);
    long end = surroundings.ticker().getAsLong();
    Attempt attempt =
        new Attempt(parcel.lease().attempt(), startedAt, Duration.ofNanos(end - begin), outcome);
    Fate fate =
        rules
            .scheduleOf(parcel.webhook())
            .after(parcel.lease().failures(), outcome, surroundings.random());
    return new Sent(parcel, attempt, fate, end);
  }

  private Outcome post(Parcel parcel, Instant startedAt) {
    try {
      return sender.transport().post(sender.requests().request(parcel, startedAt));
    } catch (SecretUnreadableException e) { // nothing goes out unsigned
      return new Outcome.Faulted(String.valueOf(e.getMessage()));
    } catch (RuntimeException
        | Error bug) { // ours, not the receiver's: it must use up an attempt and be seen
      sender.observer().troubled("sending delivery " + parcel.lease().delivery(), bug);
      return new Outcome.Faulted("Runhook failed to send this: " + bug.getClass().getSimpleName());
    }
  }
}
