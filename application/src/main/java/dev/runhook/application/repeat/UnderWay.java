package dev.runhook.application.repeat;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.repeat.Repeats.Reply;
import dev.runhook.application.spi.Requests.Begun;
import dev.runhook.application.spi.UnitOfWork;
import java.util.function.Supplier;

/// The request that the calling thread handles, if it has a key. A scoped value and not a
/// parameter: it concerns every use case in the same way and none in particular.
final class UnderWay {
  private static final ScopedValue<Begun> REQUEST = ScopedValue.newInstance();

  private UnderWay() {}

  static boolean isHere() {
    return REQUEST.isBound();
  }

  static Reply handle(Begun request, Supplier<Reply> handling) {
    return ScopedValue.where(REQUEST, request).call(handling::get);
  }

  /// Marks the unit as an effect of the request; ends it where another process has taken the
  /// request over, because this one stood still for too long.
  static void mark(UnitOfWork unit) {
    if (isHere() && !unit.requests().mark(REQUEST.get().id(), REQUEST.get().attempt())) {
      throw new StoreBusyException("the request was taken over by another process");
    }
  }
}
