package dev.runhook.application.repeat;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.AnswerLost;
import dev.runhook.application.Refusal.KeyInUse;
import dev.runhook.application.Refusal.KeyReused;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.Requests.Begun;
import dev.runhook.application.spi.Requests.Known;
import dev.runhook.application.spi.Requests.Terms;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

final class RememberedRepeats implements Repeats {
  /// Longer than any request waits for the store.
  private static final Terms TERMS = new Terms(Duration.ofHours(24), Duration.ofMinutes(1));

  private final Transactor transactor;
  private final IdSource ids;

  RememberedRepeats(Transactor transactor, IdSource ids) {
    this.transactor = transactor;
    this.ids = ids;
  }

  @Override
  public Told tell(KeyedRequest request, Supplier<Reply> handling) {
    Begun begun = new Begun(request.id(), ids.next(), request.content(), request.token());
    Optional<Known> known = transactor.inTransaction(unit -> unit.requests().begin(begun, TERMS));
    return known.isPresent()
        ? new Told(firstReply(request, known.get()), true)
        : new Told(handle(request, begun, handling).text(), false);
  }

  @Override
  public int tidy() {
    return transactor.inTransaction(unit -> unit.requests().forget(TERMS.remembered()));
  }

  private static String firstReply(KeyedRequest request, Known known) {
    boolean theSame =
        known.begun().content().equals(request.content())
            && known.begun().token().equals(request.token());
    if (!theSame) {
      throw refused(new KeyReused());
    }
    String reply =
        known
            .reply()
            .orElseThrow(() -> refused(known.effective() ? new AnswerLost() : new KeyInUse()));
    return request
        .seal()
        .open(reply, known.begun().attempt())
        .orElseThrow(() -> refused(new KeyReused()));
  }

  private Reply handle(KeyedRequest request, Begun begun, Supplier<Reply> handling) {
    Reply reply;
    try {
      reply = UnderWay.handle(begun, handling);
    } catch (RuntimeException | Error e) {
      afterwards(unit -> unit.requests().abandon(begun.id(), begun.attempt()));
      throw e;
    }
    afterwards(unit -> {
      if (reply.lasting()) {
        String closed = request.seal().close(reply.text(), begun.attempt());
        unit.requests().keepReply(begun.id(), begun.attempt(), closed);
      } else {
        unit.requests().abandon(begun.id(), begun.attempt());
      }
    });
    return reply;
  }

  /// The answer is there and right, so that a store which is away now must not change it. What is
  /// left undone shows to whoever asks again.
  private void afterwards(Consumer<UnitOfWork> note) {
    try {
      transactor.run(note);
    } catch (StoreUnavailableException _) {
      // as said
    }
  }

  private static RefusedException refused(Refusal refusal) {
    return new RefusedException(refusal);
  }
}
