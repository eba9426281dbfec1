package dev.runhook.persistence.run;

import dev.runhook.application.spi.NewDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.run.RunId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;

/// Computes what new deliveries add to the column `last_notified_versions` of their runs: a JSON
/// object of the highest state version by webhook id. Redeliveries do not count.
final class LastNotifiedVersions {
  private LastNotifiedVersions() {}

  static Map<RunId, String> byRun(Collection<NewDelivery> deliveries) {
    Map<RunId, Map<UUID, Long>> versions = new HashMap<>();
    for (NewDelivery delivery : deliveries) {
      if (delivery.content().redeliveryOf().isEmpty()) {
        delivery
            .content()
            .transition()
            .ifPresent(transition -> merge(versions, delivery, transition));
      }
    }
    Map<RunId, String> notified = new HashMap<>();
    versions.forEach((run, ofRun) -> notified.put(run, json(ofRun)));
    return notified;
  }

  private static void merge(
      Map<RunId, Map<UUID, Long>> versions, NewDelivery delivery, TransitionRef transition) {
    versions
        .computeIfAbsent(
            new RunId(delivery.webhook().stack(), transition.run()), _ -> new HashMap<>())
        .merge(delivery.webhook().id().value(), transition.version(), Math::max);
  }

  private static String json(Map<UUID, Long> versions) {
    StringJoiner members = new StringJoiner(",", "{", "}");
    versions.forEach((webhook, version) -> members.add("\"" + webhook + "\":" + version));
    return members.toString();
  }
}
