package dev.runhook.domain.webhook;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.webhook.Decision.Deliver;
import dev.runhook.domain.webhook.Decision.Reason;
import dev.runhook.domain.webhook.Decision.Skip;

/// Decides which webhooks of a stack hear of an event.
public final class Routing {
  private Routing() {}

  public static Decision of(Event event, Webhook webhook) {
    return switch (event) {
      case Ping _ -> new Deliver();
      case RunMoved moved -> of(moved, webhook);
    };
  }

  private static Decision of(RunMoved moved, Webhook webhook) {
    if (!webhook.isEnabled()) {
      return new Skip(Reason.DISABLED);
    }
    if (!webhook.settings().subscription().wants(moved.transition().state())) {
      return new Skip(Reason.STATE_NOT_WANTED);
    }
    if (!webhook.settings().subscription().wants(moved.run().subject().type())) {
      return new Skip(Reason.TYPE_NOT_WANTED);
    }
    return new Deliver();
  }
}
