package dev.runhook.persistence.run;

import dev.runhook.application.spi.NewDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.run.RunId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;

/// What webhooks are told of runs by new deliveries: the last version each, as JSON by the
/// webhook's id.
final class LastNotifiedVersions {
  private LastNotifiedVersions() {}

  static Map<RunId, String> byRun(Collection<NewDelivery> deliveries) {
    Map<RunId, Map<UUID, Long>> versions = new HashMap<>();
    for (NewDelivery delivery : deliveries) {
      if (delivery.content().redeliveryOf().isEmpty()) {
        delivery
            .content()
            .transition()
            .ifPresent(transitionRef -> note(versions, delivery, transitionRef));
      }
    }
    Map<RunId, String> told = new HashMap<>();
    versions.forEach((run, ofRun) -> told.put(run, json(ofRun)));
    return told;
  }

  private static void note(
      Map<RunId, Map<UUID, Long>> versions, NewDelivery delivery, TransitionRef transitionRef) {
    versions
        .computeIfAbsent(
            new RunId(delivery.webhook().stack(), transitionRef.run()), _ -> new HashMap<>())
        .merge(delivery.webhook().id().value(), transitionRef.version(), Math::max);
  }

  private static String json(Map<UUID, Long> versions) {
    StringJoiner members = new StringJoiner(",", "{", "}");
    versions.forEach((webhook, version) -> members.add("\"" + webhook + "\":" + version));
    return members.toString();
  }
}
