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

/// Shows deliveries to users, explains their status, and creates pings, redeliveries and replays.
/// Thread-safe.
public interface DeliveryAdmin {
  static DeliveryAdmin using(
      Transactor transactor, Dependencies dependencies, DispatchHandoff handoff) {
    return new TransactionalDeliveryAdmin(transactor, dependencies, handoff);
  }

  record Dependencies(
      RequestFactory requestFactory,
      PayloadRenderer renderer,
      IdGenerator ids,
      InstantSource clock) {}

  /// Returns this port for the calls of one idempotent request.
  DeliveryAdmin within(IdempotencyScope scope);

  /// Returns deliveries, the newest first, or refuses if the stack, webhook or run does not exist.
  /// Pages neither repeat nor skip deliveries that existed when the first page was requested.
  Page<Delivery> list(DeliveryFilter filter, PageRequest page);

  /// Returns a delivery with its request, attempts and explanation, or refuses if the delivery or
  /// its webhook does not exist.
  DeliveryDetails get(AccountId account, DeliveryId id);

  /// Explains, for each transition of a run and each webhook of its stack, what was delivered or
  /// why nothing was. Refuses if the run does not exist.
  RunExplanation explain(RunId run);

  /// Sends a ping in the same way as other events, or refuses if the webhook does not exist or is
  /// disabled.
  Delivery ping(StackId stack, WebhookId webhook, Actor actor);

  /// Delivers the same event to the same webhook again, in its lane. Refuses if the delivery does
  /// not exist or is out of scope, if the payload is erased, or if the webhook is disabled.
  Delivery redeliver(AccountId account, StackScope stackScope, DeliveryId id, Actor actor);

  /// Redelivers the finished deliveries that match the request, in the order of their lanes. Omits
  /// events that have an open delivery to the webhook. Refuses if the webhook does not exist or is
  /// disabled, or if more than [ReplayRequest#MAX_DELIVERIES] deliveries match. Uses several
  /// transactions: after a failure, the deliveries created so far stay, and the call can be
  /// repeated.
  ReplayResult replay(StackId stack, WebhookId webhook, ReplayRequest request, Actor actor);
}
