package dev.runhook.application.idempotency;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.IdempotencyKeyInUse;
import dev.runhook.application.Refusal.IdempotencyKeyReused;
import dev.runhook.application.Refusal.ResponseLost;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.IdempotencyKeys.KeyTtl;
import dev.runhook.application.spi.IdempotencyKeys.StoredKey;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

final class TransactionalIdempotentRequests implements IdempotentRequests {
  /// Longer than any request waits for the store.
  private static final KeyTtl TERMS = new KeyTtl(Duration.ofHours(24), Duration.ofMinutes(1));

  private final Transactor transactor;
  private final IdGenerator ids;

  TransactionalIdempotentRequests(Transactor transactor, IdGenerator ids) {
    this.transactor = transactor;
    this.ids = ids;
  }

  @Override
  public Result execute(IdempotentRequest request, Supplier<Response> handling) {
    KeyClaim keyClaim =
        new KeyClaim(request.id(), ids.next(), request.contentHash(), request.token());
    Optional<StoredKey> known =
        transactor.inTransaction(unit -> unit.idempotencyKeys().claim(keyClaim, TERMS));
    return known.isPresent()
        ? new Result(firstReply(request, known.get()), true)
        : new Result(handle(request, keyClaim, handling).content(), false);
  }

  @Override
  public int deleteExpired() {
    return transactor.inTransaction(
        unit -> unit.idempotencyKeys().deleteExpired(TERMS.retention()));
  }

  private static String firstReply(IdempotentRequest request, StoredKey storedKey) {
    boolean theSame =
        storedKey.claim().contentHash().equals(request.contentHash())
            && storedKey.claim().token().equals(request.token());
    if (!theSame) {
      throw refused(new IdempotencyKeyReused());
    }
    String reply =
        storedKey
            .response()
            .orElseThrow(() ->
                refused(storedKey.committed() ? new ResponseLost() : new IdempotencyKeyInUse()));
    return request
        .cipher()
        .decrypt(reply, storedKey.claim().attempt())
        .orElseThrow(() -> refused(new IdempotencyKeyReused()));
  }

  private Response handle(
      IdempotentRequest request, KeyClaim keyClaim, Supplier<Response> handling) {
    Response response;
    try {
      response = CurrentRequest.handle(keyClaim, handling);
    } catch (RuntimeException | Error e) {
      afterwards(unit -> unit.idempotencyKeys().release(keyClaim.id(), keyClaim.attempt()));
      throw e;
    }
    afterwards(unit -> {
      if (response.cacheable()) {
        String closed = request.cipher().encrypt(response.content(), keyClaim.attempt());
        unit.idempotencyKeys().storeResponse(keyClaim.id(), keyClaim.attempt(), closed);
      } else {
        unit.idempotencyKeys().release(keyClaim.id(), keyClaim.attempt());
      }
    });
    return response;
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
