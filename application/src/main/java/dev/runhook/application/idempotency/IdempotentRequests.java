package dev.runhook.application.idempotency;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import java.util.function.Supplier;

/// For edges that take requests over a network: one that is sent again with its key is told the
/// first answer, and takes effect once.
///
/// A request is known by its key for 24 hours. Every transaction of a store that is [#marking]
/// carries the mark of the request it is made for, so that what took effect and what is known of it
/// cannot part, whenever the process dies. What can be lost is the answer, if it dies between the
/// effect and the answer's keeping: then whoever asks again is told that
/// ([dev.runhook.application.Refusal.ResponseLost]).
public interface IdempotentRequests {
  static IdempotentRequests using(Transactor transactor, IdGenerator ids) {
    return new TransactionalIdempotentRequests(transactor, ids);
  }

  /// A store for the use cases that handle requests.
  static Transactor marking(Transactor transactor) {
    return new MarkingTransactor(transactor);
  }

  /// Whether the calling thread handles such a request: what it does then must be done on this
  /// thread, in a transaction that does nothing for others.
  static boolean isInsideRequest() {
    return CurrentRequest.isBound();
  }

  /// Handles the request, unless it is known: then the first answer is told. Refuses one whose key
  /// is used for something else, is just being handled, or took effect without a kept answer.
  Result execute(IdempotentRequest request, Supplier<Response> handling);

  /// Forgets requests of more than a day ago; returns how many.
  int deleteExpired();

  /// An answer as the edge writes it down.
  ///
  /// @param lasting whether it is the answer for good; otherwise the request may be made anew with
  ///   the same key
  record Response(String content, boolean cacheable) {}

  /// @param again whether it is the answer to an earlier request
  record Result(String content, boolean replayed) {}
}
