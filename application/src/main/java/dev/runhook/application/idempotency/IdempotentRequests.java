package dev.runhook.application.idempotency;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.account.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.account.IdempotencyKeys.StoredKey;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Fingerprint;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/// Executes requests with an idempotency key at most once. A repeated request gets the first
/// response.
///
/// A key is valid for 24 hours. The request's use cases run in an [IdempotencyScope], so the store
/// knows whether the request took effect. Only the response can be lost, if the process is killed
/// between the commit and the storage of the response. A repeated request is then refused with
/// [Refusal.ResponseLost].
///
/// A request claims its key in the bucket of its stack, or in the home bucket, and in each other
/// bucket that it changes.
public final class IdempotentRequests {
  private final BucketRouter buckets;
  private final IdGenerator ids;

  public IdempotentRequests(BucketRouter buckets, IdGenerator ids) {
    this.buckets = buckets;
    this.ids = ids;
  }

  /// A request with an idempotency key.
  ///
  /// @param stack the stack that the route names, if it does
  /// @param id the fingerprint of the account, the route and the key
  /// @param contentHash the fingerprint of the request's content
  /// @param token the caller's token; other tokens do not get the response
  /// @param cipher encrypts the stored response
  public record Request(
      Optional<StackId> stack,
      Fingerprint id,
      Fingerprint contentHash,
      TokenId token,
      ResponseCipher cipher) {}

  /// A response in the caller's own format.
  ///
  /// @param cacheable whether repeated requests get this response; otherwise the key is released
  public record Response(String content, boolean cacheable) {}

  /// @param replayed whether this is the response to an earlier request
  public record Result(String content, boolean replayed) {}

  /// Executes the request, or returns the first response if the key is known. A key that was used
  /// for another request, that is in use, or whose response was lost is refused.
  ///
  /// @param handler executes the request; its use cases must run in the given scope
  public Result execute(Request request, Function<IdempotencyScope, Response> handler) {
    KeyClaim claim = new KeyClaim(request.id(), ids.next(), request.contentHash(), request.token());
    Bucket bucket = request.stack().map(buckets::of).orElseGet(buckets::home);
    Optional<StoredKey> stored =
        bucket.inTransaction(unit -> unit.idempotencyKeys().claim(claim, IdempotencyScope.TTL));
    return stored.isPresent()
        ? new Result(firstResponse(request, stored.get()), true)
        : new Result(handle(request, claim, bucket, handler).content(), false);
  }

  /// Deletes expired keys and returns their number. Handles all buckets, even if one of them fails.
  /// Then the failure is thrown.
  public int deleteExpired() {
    AtomicInteger deleted = new AtomicInteger();
    BucketRouter.forEach(
        buckets.all(),
        bucket ->
            deleted.addAndGet(
                bucket.<Integer>inTransaction(unit ->
                    unit.idempotencyKeys().deleteExpired(IdempotencyScope.TTL.retention()))));
    return deleted.get();
  }

  private static String firstResponse(Request request, StoredKey stored) {
    boolean sameRequest =
        stored.claim().contentHash().equals(request.contentHash())
            && stored.claim().token().equals(request.token());
    if (!sameRequest) {
      throw new RefusedException(new Refusal.IdempotencyKeyReused());
    }
    String encrypted =
        stored
            .response()
            .orElseThrow(() ->
                new RefusedException(
                    stored.committed()
                        ? new Refusal.ResponseLost()
                        : new Refusal.IdempotencyKeyInUse()));
    return request
        .cipher()
        .decrypt(encrypted, stored.claim().attempt())
        .orElseThrow(() -> new RefusedException(new Refusal.IdempotencyKeyReused()));
  }

  private static Response handle(
      Request request,
      KeyClaim claim,
      Bucket bucket,
      Function<IdempotencyScope, Response> handler) {
    Response response;
    try {
      response = handler.apply(IdempotencyScope.of(claim, bucket));
    } catch (RuntimeException | Error e) {
      updateKey(bucket, unit -> unit.idempotencyKeys().release(claim.id(), claim.attempt()));
      throw e;
    }
    updateKey(
        bucket,
        unit -> {
          if (response.cacheable()) {
            String encrypted = request.cipher().encrypt(response.content(), claim.attempt());
            unit.idempotencyKeys().storeResponse(claim.id(), claim.attempt(), encrypted);
          } else {
            unit.idempotencyKeys().release(claim.id(), claim.attempt());
          }
        });
    return response;
  }

  /// Updates the key after the request was executed. The response is already correct, so an
  /// unavailable store must not change it. A repeated request then finds the key as it is.
  private static void updateKey(Bucket bucket, Consumer<UnitOfWork> update) {
    try {
      bucket.run(update);
    } catch (StoreUnavailableException ignored) {
      // the response is returned even though it could not be stored
    }
  }
}
