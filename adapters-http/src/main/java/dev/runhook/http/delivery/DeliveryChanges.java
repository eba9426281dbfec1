package dev.runhook.http.delivery;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.http.api.SseStreams.SseEvent;
import dev.runhook.http.delivery.DeliveryRoutes.DeliveryJson;
import dev.runhook.http.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// What changes among the newest deliveries of a list, each time it is asked. Not thread-safe.
///
/// An event's id is the time of the latest thing that was told. Whoever comes back with it is told
/// of all that may have changed since: what was created or delivered then or later, what is still
/// open, and what was given up, for of that the time is not told. Better twice than never: telling
/// the same again changes nothing for the reader.
final class DeliveryChanges implements Supplier<List<SseEvent>> {
  static final PageRequest WINDOW = new PageRequest(100, Optional.empty());

  private final Function<PageRequest, Page<Delivery>> list;
  private final Optional<Instant> since;
  private Optional<Map<String, DeliveryJson>> told = Optional.empty();
  private Instant latest = Instant.EPOCH;

  /// @param last the id of the event that the reader has seen last
  DeliveryChanges(Function<PageRequest, Page<Delivery>> list, Optional<String> last) {
    this.list = list;
    this.since = last.flatMap(DeliveryChanges::time);
  }

  /// That a delivery is in the list no more: it does not fit any more, or is deleted.
  record RemovedJson(String id) {}

  @Override
  public List<SseEvent> get() {
    Page<Delivery> page = list.apply(WINDOW);
    Map<String, DeliveryJson> now = new LinkedHashMap<>();
    page.items()
        .reversed()
        .forEach(delivery -> now.put(delivery.id().toString(), DeliveryJson.of(delivery)));
    now.values().forEach(json -> latest = later(latest, json));
    Map<String, DeliveryJson> before = told.orElseGet(() -> Map.of());
    boolean isFirst = told.isEmpty();
    List<SseEvent> news = new ArrayList<>();
    now.forEach((id, json) -> {
      if (isFirst ? mayBeNew(json) : !json.equals(before.get(id))) {
        news.add(message("delivery", json));
      }
    });
    Optional<String> oldest =
        now.keySet().stream().findFirst().filter(_ -> page.next().isPresent());
    before.keySet().stream()
        .filter(id -> !now.containsKey(id))
        .filter(id -> oldest.isEmpty() || id.compareTo(oldest.get()) > 0)
        .forEach(id -> news.add(message("gone", new RemovedJson(id))));
    told = Optional.of(now);
    return news;
  }

  private boolean mayBeNew(DeliveryJson json) {
    return since.isEmpty()
        || json.status() != Delivery.Status.DELIVERED
        || !later(Instant.EPOCH, json).isBefore(since.get());
  }

  private SseEvent message(String event, Object json) {
    return new SseEvent(Long.toString(latest.toEpochMilli()), event, Json.write(json));
  }

  private static Instant later(Instant time, DeliveryJson json) {
    Instant created = json.createdAt().isAfter(time) ? json.createdAt() : time;
    return Optional.ofNullable(json.deliveredAt()).filter(created::isBefore).orElse(created);
  }

  private static Optional<Instant> time(String id) {
    return id.matches("\\d{1,15}")
        ? Optional.of(Instant.ofEpochMilli(Long.parseLong(id)))
        : Optional.empty();
  }
}
