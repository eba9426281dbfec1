package dev.runhook.application.repeat;

import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.Transactor;
import java.util.function.Supplier;

/// For edges that take requests over a network: one that is sent again with its key is told the
/// first answer, and takes effect once.
///
/// A request is known by its key for 24 hours. Every transaction of a store that is [#marking]
/// carries the mark of the request it is made for, so that what took effect and what is known of it
/// cannot part, whenever the process dies. What can be lost is the answer, if it dies between the
/// effect and the answer's keeping: then whoever asks again is told that
/// ([dev.runhook.application.Refusal.AnswerLost]).
public interface Repeats {
  static Repeats using(Transactor transactor, IdSource ids) {
    return new RememberedRepeats(transactor, ids);
  }

  /// A store for the use cases that handle requests.
  static Transactor marking(Transactor transactor) {
    return new MarkingTransactor(transactor);
  }

  /// Whether the calling thread handles such a request: what it does then must be done on this
  /// thread, in a transaction that does nothing for others.
  static boolean isUnderWay() {
    return UnderWay.isHere();
  }

  /// Handles the request, unless it is known: then the first answer is told. Refuses one whose key
  /// is used for something else, is just being handled, or took effect without a kept answer.
  Told tell(KeyedRequest request, Supplier<Reply> handling);

  /// Forgets requests of more than a day ago; returns how many.
  int tidy();

  /// An answer as the edge writes it down.
  ///
  /// @param lasting whether it is the answer for good; otherwise the request may be made anew with
  ///   the same key
  record Reply(String text, boolean lasting) {}

  /// @param again whether it is the answer to an earlier request
  record Told(String text, boolean again) {}
}
