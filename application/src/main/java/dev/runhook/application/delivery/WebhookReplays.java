package dev.runhook.application.delivery;

import dev.runhook.application.Actor;
import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.RefusedException;
import dev.runhook.application.ReplayProgress;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.delivery.DeliveryAdmin.ReplayPreview;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.spi.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Creates and shows the replays of a webhook.
final class WebhookReplays {
  private final Transactor transactor;
  private final Outbox outbox;
  private final IdGenerator ids;
  private final AuditWriter auditWriter;

  WebhookReplays(Transactor transactor, Outbox outbox, IdGenerator ids, AuditWriter auditWriter) {
    this.transactor = transactor;
    this.outbox = outbox;
    this.ids = ids;
    this.auditWriter = auditWriter;
  }

  ReplayProgress create(StackId stack, WebhookId webhook, ReplayRequest request, Actor actor) {
    ReplayId id = new ReplayId(ids.next());
    List<RedeliveryCandidate> matched =
        transactor.inTransaction(unit -> {
          List<RedeliveryCandidate> candidates = match(unit, stack, webhook, request);
          unit.replays().add(request.toReplay(id, webhook, candidates.size(), unit.now()));
          auditWriter.write(
              unit,
              actor,
              AuditAction.DELIVERIES_REPLAYED,
              Require.webhook(unit, stack, webhook),
              describe(request, candidates.size()));
          return candidates;
        });
    new ReplayExecution(outbox, stack, webhook, id).redeliver(matched);
    return transactor.inTransaction(unit -> {
      unit.replays().complete(id);
      return require(unit, webhook, id);
    });
  }

  ReplayProgress get(StackId stack, WebhookId webhook, ReplayId id) {
    return transactor.inSnapshot(unit -> {
      Require.existingWebhook(unit, stack, webhook);
      return require(unit, webhook, id);
    });
  }

  Page<ReplayProgress> list(StackId stack, WebhookId webhook, PageRequest page) {
    return transactor.inSnapshot(unit -> {
      Require.existingWebhook(unit, stack, webhook);
      return unit.replays().list(webhook, page);
    });
  }

  ReplayPreview preview(StackId stack, WebhookId webhook, ReplayRequest request) {
    return transactor.inSnapshot(unit -> {
      List<RedeliveryCandidate> matched = match(unit, stack, webhook, request);
      return new ReplayPreview(matched.size(), ReplayExecution.count(unit, webhook, matched));
    });
  }

  private static ReplayProgress require(UnitOfWork unit, WebhookId webhook, ReplayId id) {
    return unit.replays()
        .find(webhook, id)
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchReplay(id.toString())));
  }

  private static List<RedeliveryCandidate> match(
      UnitOfWork unit, StackId stack, WebhookId webhook, ReplayRequest request) {
    Require.enabled(Require.webhook(unit, stack, webhook));
    DeliveryFilter filter = request.toFilter(DeliveryScope.of(stack, webhook));
    List<RedeliveryCandidate> matched =
        unit.deliveries().findLatestFinished(filter, ReplayRequest.MAX_DELIVERIES + 1);
    if (matched.size() > ReplayRequest.MAX_DELIVERIES) {
      throw new RefusedException(new Refusal.ReplayTooLarge(ReplayRequest.MAX_DELIVERIES));
    }
    return matched;
  }

  private static Map<AuditDetail, String> describe(ReplayRequest request, int matched) {
    Map<AuditDetail, String> details = new EnumMap<>(AuditDetail.class);
    details.put(AuditDetail.FROM, request.from().toString());
    request.to().ifPresent(to -> details.put(AuditDetail.TO, to.toString()));
    details.put(AuditDetail.STATUS, request.status().name());
    details.put(AuditDetail.MATCHED, Integer.toString(matched));
    return details;
  }
}
