package dev.runhook.application.idempotency;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.idempotency.IdempotentRequests.Response;
import dev.runhook.application.spi.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.UnitOfWork;
import java.util.function.Supplier;

/// The request that the calling thread handles, if it has a key. A scoped value and not a
/// parameter: it concerns every use case in the same way and none in particular.
final class CurrentRequest {
  private static final ScopedValue<KeyClaim> REQUEST = ScopedValue.newInstance();

  private CurrentRequest() {}

  static boolean isBound() {
    return REQUEST.isBound();
  }

  static Response handle(KeyClaim request, Supplier<Response> handling) {
    return ScopedValue.where(REQUEST, request).call(handling::get);
  }

  /// Marks the unit as an effect of the request; ends it where another process has taken the
  /// request over, because this one stood still for too long.
  static void markCommitted(UnitOfWork unit) {
    if (isBound()
        && !unit.idempotencyKeys().markCommitted(REQUEST.get().id(), REQUEST.get().attempt())) {
      throw new StoreBusyException("the request was taken over by another process");
    }
  }
}
