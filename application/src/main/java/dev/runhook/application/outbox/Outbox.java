package dev.runhook.application.outbox;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.Webhook;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Puts events into a transaction together with one delivery for each webhook that wants to hear of
/// them, and after the commit hands over what can be sent at once.
public interface Outbox {
  static Outbox using(
      Transactor transactor,
      PayloadRenderer renderer,
      IdGenerator ids,
      DispatchHandoff dispatchHandoff) {
    return new TransactionalOutbox(transactor, renderer, ids, dispatchHandoff);
  }

  /// Runs the work in a transaction of its own, as [Transactor#inTransaction] does, and hands over
  /// after its commit.
  <T> T inTransaction(BiFunction<UnitOfWork, DeliveryWriter, T> work);

  /// Mails within somebody else's transaction. Nothing is handed over: the dispatcher finds it
  /// after their commit.
  DeliveryWriter joining(UnitOfWork unit);

  /// Where the work puts its events.
  interface DeliveryWriter {
    /// Renders and keeps the events with their deliveries, and the reason for each webhook that
    /// gets none. The runs of the events are locked.
    ///
    /// @param webhooks who may hear of an event
    /// @return the deliveries of each event; those of moves are to be saved with their runs
    Map<EventId, List<NewDelivery>> addEvents(
        Collection<? extends Event> events, Function<Event, List<Webhook>> webhooks);

    /// Delivers once more what the webhook was told before, whatever it wants to hear of now. The
    /// runs are locked.
    ///
    /// @return the new deliveries, in the order of the letters
    List<DeliveryId> addRedeliveries(Webhook webhook, List<DeliveryContent> letters);
  }
}
