package dev.runhook.http.delivery;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.http.api.SseStreams.SseEvent;
import dev.runhook.http.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Returns the changes among the newest 100 deliveries of a list since the previous call. Not
/// thread-safe.
///
/// The id of an event is the latest creation or delivery time that was sent. A client that
/// reconnects with it gets all deliveries that may have changed since: those created or delivered
/// at that time or later, and all that are pending or failed, because a failure has no time. Some
/// are sent twice, which is harmless.
final class DeliveryChanges implements Supplier<List<SseEvent>> {
  static final PageRequest WINDOW = new PageRequest(100, Optional.empty());

  private final SharedLists lists;
  private final DeliveryFilter filter;
  private final Optional<Instant> since;
  private Map<String, DeliveryJson> previous = Map.of();
  private boolean isFirst = true;
  private Instant latest = Instant.EPOCH;

  /// @param lists returns the page [#WINDOW] of each list
  /// @param lastEventId the id of the last event that the client received
  DeliveryChanges(SharedLists lists, DeliveryFilter filter, Optional<String> lastEventId) {
    this.lists = lists;
    this.filter = filter;
    this.since = lastEventId.flatMap(DeliveryChanges::time);
  }

  /// A delivery that no longer matches the filter or was deleted.
  record RemovedJson(String id) {}

  @Override
  public List<SseEvent> get() {
    Page<Delivery> page = isFirst ? lists.readAgain(filter) : lists.read(filter);
    Map<String, DeliveryJson> current = new LinkedHashMap<>();
    page.items()
        .reversed()
        .forEach(delivery -> current.put(delivery.id().toString(), DeliveryJson.of(delivery)));
    current.values().forEach(json -> latest = latest(latest, json));
    List<SseEvent> events = new ArrayList<>();
    current.forEach((id, json) -> {
      if (isFirst ? mayHaveChanged(json) : !json.equals(previous.get(id))) {
        events.add(event("delivery", json));
      }
    });
    Optional<String> oldest =
        current.keySet().stream().findFirst().filter(ignored -> page.next().isPresent());
    previous.keySet().stream()
        .filter(id -> !current.containsKey(id))
        .filter(id -> oldest.isEmpty() || id.compareTo(oldest.get()) > 0)
        .forEach(id -> events.add(event("removed", new RemovedJson(id))));
    previous = current;
    isFirst = false;
    return events;
  }

  private boolean mayHaveChanged(DeliveryJson json) {
    return since.isEmpty()
        || json.status() != Delivery.Status.DELIVERED
        || !latest(Instant.EPOCH, json).isBefore(since.get());
  }

  private SseEvent event(String name, Object json) {
    return new SseEvent(Long.toString(latest.toEpochMilli()), name, Json.write(json));
  }

  private static Instant latest(Instant time, DeliveryJson json) {
    Instant created = json.createdAt().isAfter(time) ? json.createdAt() : time;
    return json.deliveredAt().filter(created::isBefore).orElse(created);
  }

  private static Optional<Instant> time(String id) {
    return id.matches("\\d{1,15}")
        ? Optional.of(Instant.ofEpochMilli(Long.parseLong(id)))
        : Optional.empty();
  }
}
