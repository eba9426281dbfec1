package dev.runhook.application.delivery;

import dev.runhook.application.Actor;
import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.time.InstantSource;

/// For people: what was sent, what came back, and why not. Thread-safe.
public interface DeliveryAdmin {
  static DeliveryAdmin using(
      Transactor transactor, Dependencies dependencies, DispatchHandoff dispatchHandoff) {
    return new TransactionalDeliveryAdmin(transactor, dependencies, dispatchHandoff);
  }

  /// What it needs besides a transaction.
  record Dependencies(
      RequestFactory requestFactory,
      PayloadRenderer renderer,
      IdGenerator ids,
      InstantSource clock) {}

  /// Returns this port for the calls of one idempotent request.
  DeliveryAdmin within(IdempotencyScope scope);

  /// Deliveries, the newest first; refuses a stack, a webhook or a run that is not there. Pages
  /// neither repeat nor skip what was there when the first was asked for.
  Page<Delivery> list(DeliveryFilter filter, PageRequest page);

  /// One delivery with its request, attempts and explanation; refuses one that is not there, or
  /// whose webhook is not any more.
  DeliveryDetails get(AccountId account, DeliveryId id);

  /// What became of each transition of a run at each webhook of its stack, and why; refuses a run
  /// that is not there.
  RunExplanation explain(RunId run);

  /// Sends a ping by the very way of real events; refuses a webhook that is not there or disabled.
  Delivery ping(StackId stack, WebhookId webhook, Actor actor);

  /// Delivers the same event once more to the same webhook, in its lane; refuses a delivery that is
  /// not there or out of reach, and a webhook that is disabled.
  Delivery redeliver(AccountId account, StackScope stackScope, DeliveryId id, Actor actor);

  /// Delivers once more what ended that way in that span of time, in the order of the lanes. What
  /// is on its way already is not repeated again. Refuses a webhook that is not there or disabled,
  /// and more than [ReplayRequest#MAX_DELIVERIES]. It is done in parts: after a failure amid it,
  /// what was created stays.
  ReplayResult replay(StackId stack, WebhookId webhook, ReplayRequest wanted, Actor actor);
}
