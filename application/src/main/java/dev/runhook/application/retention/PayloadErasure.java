package dev.runhook.application.retention;

import dev.runhook.application.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.RunId;

/// Forgets payloads before their time, when somebody asks for that. Of each stays its hash; that
/// there was an event, whom it was delivered to and what they answered stays as well. A payload
/// that is still to be sent to somebody is kept, and counted.
public interface PayloadErasure {
  /// @param ids for what is written down of it
  static PayloadErasure using(Transactor transactor, IdGenerator ids) {
    return new TransactionalPayloadErasure(transactor, new AuditWriter(ids));
  }

  /// How many payloads were forgotten, and how many are still needed.
  record ErasureResult(long erased, long retained) {}

  /// Those that tell of this run; a refusal where there is none.
  ErasureResult erase(RunId run, Actor actor);

  /// Those of all stacks of the account within reach, a few at a time: what fails in the middle can
  /// be asked for again.
  ErasureResult erase(AccountId account, StackScope stackScope, Actor actor);
}
