package dev.runhook.application.delivery;

import dev.runhook.application.Actor;
import dev.runhook.application.audit.Scribe;
import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.run.RunId;

/// Forgets payloads before their time, when somebody asks for that. Of each stays its hash; that
/// there was an event, whom it was delivered to and what they answered stays as well. A payload
/// that is still to be sent to somebody is kept, and counted.
public interface Erasure {
  /// @param ids for what is written down of it
  static Erasure using(Transactor transactor, IdSource ids) {
    return new TransactionalErasure(transactor, new Scribe(ids));
  }

  /// How many payloads were forgotten, and how many are still needed.
  record Outcome(long forgotten, long kept) {}

  /// Those that tell of this run; a refusal where there is none.
  Outcome forget(RunId run, Actor actor);

  /// Those of all stacks of the account within reach, a few at a time: what fails in the middle can
  /// be asked for again.
  Outcome forget(AccountId account, Reach reach, Actor actor);
}
