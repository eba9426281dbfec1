package dev.runhook.application.delivery;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.batch.Pause;
import dev.runhook.application.outbox.DeliveryWriter;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.spi.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Redelivers many deliveries of a webhook in several transactions. A run that another transaction
/// has locked is tried again after the others. While it waits, no other run is locked.
final class ReplayExecution {
  /// Limits the runs that one transaction locks, and the payloads that it reads, which have up to a
  /// few hundred kilobytes each.
  private static final int BATCH_SIZE = 20;

  /// Larger, because counting locks no runs and reads no payloads.
  private static final int COUNTED_AT_ONCE = 5_000;

  private static final Duration RETRY_DELAY = Duration.ofMillis(100);
  private static final int MAX_ROUNDS = 50;

  private final Outbox outbox;
  private final StackId stack;
  private final WebhookId webhookId;
  private final ReplayId id;

  ReplayExecution(Outbox outbox, StackId stack, WebhookId webhookId, ReplayId id) {
    this.outbox = outbox;
    this.stack = stack;
    this.webhookId = webhookId;
    this.id = id;
  }

  /// Returns how many deliveries a replay would create now.
  static int count(UnitOfWork unit, WebhookId webhookId, List<RedeliveryCandidate> candidates) {
    int count = 0;
    for (List<RedeliveryCandidate> batch : batches(candidates, COUNTED_AT_ONCE)) {
      Set<EventId> events =
          new HashSet<>(
              unit.events()
                  .findWithPayload(batch.stream().map(RedeliveryCandidate::event).toList()));
      events.removeAll(unit.deliveries().findRedelivered(webhookId, batch));
      count += events.size();
    }
    return count;
  }

  /// @throws StoreBusyException if runs stay locked for seconds; the other deliveries are created
  void redeliver(List<RedeliveryCandidate> candidates) {
    List<RedeliveryCandidate> remaining = candidates;
    for (int round = 1; !remaining.isEmpty(); round++) {
      remaining = redeliverUnlocked(remaining);
      if (!remaining.isEmpty() && round == MAX_ROUNDS) {
        throw new StoreBusyException("other transactions have locked runs of this replay");
      }
      if (!remaining.isEmpty()) {
        Pause.pause(RETRY_DELAY);
      }
    }
  }

  /// Returns the candidates of runs that are locked elsewhere.
  private List<RedeliveryCandidate> redeliverUnlocked(List<RedeliveryCandidate> candidates) {
    Set<RunId> busy = new HashSet<>();
    List<RedeliveryCandidate> blocked = new ArrayList<>();
    for (List<RedeliveryCandidate> batch : batches(candidates, BATCH_SIZE)) {
      blocked.addAll(outbox.inTransaction((unit, writer) -> redeliver(unit, writer, batch, busy)));
    }
    return blocked;
  }

  /// What is redelivered already is queried while the runs are locked, so that concurrent replays
  /// do not repeat the same delivery twice.
  ///
  /// @param busy runs that were locked elsewhere in this round, whose later deliveries must not
  ///   overtake the earlier ones
  private List<RedeliveryCandidate> redeliver(
      UnitOfWork unit, DeliveryWriter writer, List<RedeliveryCandidate> batch, Set<RunId> busy) {
    Webhook webhook = Require.enabled(Require.webhook(unit, stack, webhookId));
    List<DeliveryContent> contents = unit.deliveries().findContents(batch);
    Set<RunId> wanted =
        contents.stream()
            .flatMap(content -> findRun(content).stream())
            .filter(run -> !busy.contains(run))
            .collect(Collectors.toSet());
    busy.addAll(unit.runs().tryFindForUpdate(wanted).busy());
    Set<DeliveryId> blocked =
        contents.stream()
            .filter(content -> findRun(content).filter(busy::contains).isPresent())
            .flatMap(content -> content.redeliveryOf().stream())
            .collect(Collectors.toSet());
    withoutRedelivered(unit, batch, contents)
        .filter(content -> content.redeliveryOf().filter(blocked::contains).isEmpty())
        .forEach(content -> writer.addDelivery(webhook, content));
    unit.replays().addDeliveries(id, writer.save().stream().map(NewDelivery::id).toList());
    return batch.stream().filter(candidate -> blocked.contains(candidate.delivery())).toList();
  }

  private Stream<DeliveryContent> withoutRedelivered(
      UnitOfWork unit, List<RedeliveryCandidate> batch, List<DeliveryContent> contents) {
    Set<EventId> redelivered = unit.deliveries().findRedelivered(webhookId, batch);
    return contents.stream().filter(content -> !redelivered.contains(content.event()));
  }

  private static List<List<RedeliveryCandidate>> batches(
      List<RedeliveryCandidate> candidates, int size) {
    return IntStream.iterate(0, from -> from < candidates.size(), from -> from + size)
        .mapToObj(from -> candidates.subList(from, Math.min(candidates.size(), from + size)))
        .toList();
  }

  private Optional<RunId> findRun(DeliveryContent content) {
    return content.transition().map(ref -> new RunId(stack, ref.run()));
  }
}
