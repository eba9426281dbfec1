package dev.runhook.application.delivery;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.batch.Pause;
import dev.runhook.application.outbox.DeliveryWriter;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.Replay.Selection;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Creates and shows the replays of a webhook.
public final class WebhookReplays {
  /// Limits the runs that one transaction locks, and the payloads that it reads, which have up to a
  /// few hundred kilobytes each.
  private static final int BATCH_SIZE = 20;

  /// Larger, because counting locks no runs and reads no payloads.
  private static final int COUNTED_AT_ONCE = 5_000;

  private static final Duration RETRY_DELAY = Duration.ofMillis(100);
  private static final int MAX_ROUNDS = 50;

  private final BucketRouter buckets;
  private final Function<Bucket, Outbox> outboxes;
  private final IdGenerator ids;
  private final AuditWriter auditWriter;

  WebhookReplays(
      BucketRouter buckets,
      Function<Bucket, Outbox> outboxes,
      IdGenerator ids,
      AuditWriter auditWriter) {
    this.buckets = buckets;
    this.outboxes = outboxes;
    this.ids = ids;
    this.auditWriter = auditWriter;
  }

  /// Redelivers the finished deliveries that match the request, or delivers the events that the
  /// webhook was skipped for, in the order of their lanes. Omits events that have an open delivery
  /// to the webhook, or whose latest delivery to it has another status, and those without a
  /// payload. Refuses the call if the webhook or the run does not exist, the webhook is disabled,
  /// or more than [ReplayRequest#MAX_DELIVERIES] deliveries match. Uses several transactions: after
  /// a failure, the deliveries that were already created are kept, and the call can be repeated.
  public ReplayProgress create(
      StackId stack, WebhookId webhook, ReplayRequest request, Actor actor) {
    return create(stack, webhook, request, Integer.MAX_VALUE, actor);
  }

  /// Redelivers like the other method, unless it would create over 1 % more deliveries.
  ///
  /// @param expected how many deliveries the caller expects, from [#preview]
  public ReplayProgress create(
      StackId stack, WebhookId webhook, ReplayRequest request, int expected, Actor actor) {
    ReplayId id = new ReplayId(ids.next(stack));
    Bucket bucket = buckets.of(stack);
    Part part =
        bucket.inTransaction(unit -> {
          Webhook target = Require.enabled(Require.webhook(unit, stack, webhook));
          Part found = Part.find(unit, id, target, request);
          requireExpected(unit, webhook, found.matched(), expected);
          unit.replays().add(found.replay(unit));
          found.audit(unit, auditWriter, actor);
          return found;
        });
    part.execution(outboxes.apply(bucket)).redeliver(part.matched());
    return bucket.inTransaction(unit -> {
      unit.replays().complete(id);
      return require(unit, webhook, id);
    });
  }

  /// Returns a replay with the current status of its deliveries, or refuses the call if it does not
  /// exist.
  public ReplayProgress get(StackId stack, WebhookId webhook, ReplayId id) {
    return buckets
        .of(stack)
        .inSnapshot(unit -> {
          Require.existingWebhook(unit, stack, webhook);
          return require(unit, webhook, id);
        });
  }

  /// Returns the replays of a webhook, the newest first, or refuses the call if it does not exist.
  public Page<ReplayProgress> list(StackId stack, WebhookId webhook, PageRequest page) {
    return buckets
        .of(stack)
        .inSnapshot(unit -> {
          Require.existingWebhook(unit, stack, webhook);
          return unit.replays().list(webhook, page);
        });
  }

  /// Counts what [#create] would redeliver, and refuses what it refuses.
  public ReplayPreview preview(StackId stack, WebhookId webhook, ReplayRequest request) {
    Bucket bucket = buckets.of(stack);
    return bucket.inSnapshot(unit -> {
      Webhook target = Require.enabled(Require.webhook(unit, stack, webhook));
      return count(unit, webhook, match(unit, target, select(unit, target, request)));
    });
  }

  static ReplayPreview count(
      UnitOfWork unit, WebhookId webhook, List<RedeliveryCandidate> matched) {
    Set<EventId> toCreate = findWithPayload(unit, matched);
    int erased = matched.size() - toCreate.size();
    for (List<RedeliveryCandidate> batch : batches(matched, COUNTED_AT_ONCE)) {
      toCreate.removeAll(unit.deliveries().findRedelivered(webhook, batch));
    }
    return new ReplayPreview(matched.size(), erased, toCreate.size());
  }

  /// Counts the deliveries to create only if there can be more than expected, because that takes
  /// long.
  private static void requireExpected(
      UnitOfWork unit, WebhookId webhook, List<RedeliveryCandidate> matched, int expected) {
    long max = expected + expected / 100L;
    if (matched.size() <= max) {
      return;
    }
    int toCreate = count(unit, webhook, matched).toCreate();
    if (toCreate > max) {
      throw new RefusedException(new Refusal.ReplayLargerThanExpected(expected, toCreate));
    }
  }

  private static ReplayProgress require(UnitOfWork unit, WebhookId webhook, ReplayId id) {
    return unit.replays()
        .find(webhook, id)
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchReplay(id.toString())));
  }

  private static Selection select(UnitOfWork unit, Webhook webhook, ReplayRequest request) {
    request.run().ifPresent(name -> Require.run(unit, new RunId(webhook.stack(), name)));
    Optional<DeliveryId> lastSuccess =
        request.sinceLastSuccess()
            ? unit.deliveries().findLastSuccess(webhook.id())
            : Optional.empty();
    return request.toSelection(lastSuccess.map(DeliveryId::createdAt).orElse(webhook.createdAt()));
  }

  private static List<RedeliveryCandidate> match(
      UnitOfWork unit, Webhook webhook, Selection selection) {
    DeliveryScope scope =
        new DeliveryScope.OfWebhook(webhook.stack(), webhook.id(), selection.run());
    DeliveryFilter filter = DeliveryFilter.of(scope).withFrom(selection.from());
    filter = selection.to().map(filter::withTo).orElse(filter);
    filter = selection.state().map(filter::withState).orElse(filter);
    int limit = ReplayRequest.MAX_DELIVERIES + 1;
    List<RedeliveryCandidate> matched =
        switch (selection.status()) {
          case DELIVERED ->
              unit.deliveries().findLatestFinished(filter.withStatus(Status.DELIVERED), limit);
          case FAILED ->
              unit.deliveries().findLatestFinished(filter.withStatus(Status.FAILED), limit);
          case CANCELED ->
              unit.deliveries().findLatestFinished(filter.withStatus(Status.CANCELED), limit);
          case SKIPPED ->
              unit.deliveries()
                  .findSkipped(filter, webhook.settings().delivery().format().states(), limit);
        };
    requireLimit(matched.size());
    return matched;
  }

  static void requireLimit(int matched) {
    if (matched > ReplayRequest.MAX_DELIVERIES) {
      throw new RefusedException(new Refusal.ReplayTooLarge(ReplayRequest.MAX_DELIVERIES));
    }
  }

  private static Set<EventId> findWithPayload(
      UnitOfWork unit, List<RedeliveryCandidate> candidates) {
    Set<EventId> events = new HashSet<>();
    for (List<RedeliveryCandidate> batch : batches(candidates, COUNTED_AT_ONCE)) {
      events.addAll(
          unit.events().findWithPayload(batch.stream().map(RedeliveryCandidate::event).toList()));
    }
    return events;
  }

  private static List<List<RedeliveryCandidate>> batches(
      List<RedeliveryCandidate> candidates, int size) {
    return IntStream.iterate(0, from -> from < candidates.size(), from -> from + size)
        .mapToObj(from -> candidates.subList(from, Math.min(candidates.size(), from + size)))
        .toList();
  }

  /// What the replay of one webhook sends.
  record Part(
      ReplayId id, Webhook webhook, Selection selection, List<RedeliveryCandidate> matched) {
    /// @throws RefusedException if too many deliveries match, or the run does not exist
    static Part find(UnitOfWork unit, ReplayId id, Webhook webhook, ReplayRequest request) {
      Selection selection = select(unit, webhook, request);
      return new Part(id, webhook, selection, match(unit, webhook, selection));
    }

    Replay replay(UnitOfWork unit) {
      int erased = matched.size() - findWithPayload(unit, matched).size();
      return new Replay(id, webhook.id(), selection, matched.size(), erased, unit.now());
    }

    void audit(UnitOfWork unit, AuditWriter auditWriter, Actor actor) {
      Map<AuditDetail, String> details = new EnumMap<>(AuditDetail.class);
      details.put(AuditDetail.FROM, selection.from().toString());
      selection.to().ifPresent(to -> details.put(AuditDetail.TO, to.toString()));
      details.put(AuditDetail.STATUS, selection.status().name());
      selection.run().ifPresent(run -> details.put(AuditDetail.RUN, run));
      selection.state().ifPresent(state -> details.put(AuditDetail.STATE, state.name()));
      details.put(AuditDetail.MATCHED, Integer.toString(matched.size()));
      auditWriter.write(unit, actor, AuditAction.DELIVERIES_REPLAYED, webhook, details);
    }

    Execution execution(Outbox outbox) {
      return new Execution(outbox, webhook.stack(), webhook.id(), id);
    }
  }

  /// Redelivers in several transactions. A run that another transaction has locked is tried again
  /// after the others. While it waits, no other run is locked.
  record Execution(Outbox outbox, StackId stack, WebhookId webhookId, ReplayId id) {
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
        blocked.addAll(
            outbox.inTransaction((unit, writer) -> redeliver(unit, writer, batch, busy)));
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
      if (!unit.replays().lockUnlessCanceled(id)) {
        return List.of();
      }
      Webhook webhook = Require.enabled(Require.webhook(unit, stack, webhookId));
      List<DeliveryContent> contents = unit.deliveries().findContents(batch);
      Set<RunId> wanted =
          contents.stream()
              .flatMap(content -> findRun(content).stream())
              .filter(run -> !busy.contains(run))
              .collect(Collectors.toSet());
      busy.addAll(unit.runs().tryFindForUpdate(wanted).busy());
      Set<EventId> blocked =
          contents.stream()
              .filter(content -> findRun(content).filter(busy::contains).isPresent())
              .map(DeliveryContent::event)
              .collect(Collectors.toSet());
      withoutRedelivered(unit, batch, contents)
          .filter(content -> !blocked.contains(content.event()))
          .forEach(content -> writer.addDelivery(webhook, content));
      unit.replays().addDeliveries(id, writer.save().stream().map(NewDelivery::id).toList());
      return batch.stream().filter(candidate -> blocked.contains(candidate.event())).toList();
    }

    private Stream<DeliveryContent> withoutRedelivered(
        UnitOfWork unit, List<RedeliveryCandidate> batch, List<DeliveryContent> contents) {
      Set<EventId> redelivered = unit.deliveries().findRedelivered(webhookId, batch);
      return contents.stream().filter(content -> !redelivered.contains(content.event()));
    }

    private Optional<RunId> findRun(DeliveryContent content) {
      return content.transition().map(ref -> new RunId(stack, ref.run()));
    }
  }
}
