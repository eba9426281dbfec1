package dev.runhook.application.delivery;

import static java.util.Comparator.reverseOrder;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.delivery.DeliveryDetails.AttemptView;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.CatchUp;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.query.AccountReplay;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.query.SearchTerms;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Shows deliveries to users, explains their status, and creates pings, redeliveries and replays.
/// Thread-safe.
public final class DeliveryAdmin {
  private final BucketRouter buckets;
  private final DeliveryDependencies dependencies;
  private final DispatchHandoff handoff;
  private final AuditWriter auditWriter;
  private final RequestReconstructor requests;
  private final WebhookReplays replays;
  private final AccountReplays accountReplays;
  private final BucketRouter backgroundBuckets;

  public DeliveryAdmin(
      BucketRouter buckets, DeliveryDependencies dependencies, DispatchHandoff handoff) {
    this(buckets, buckets, dependencies, handoff);
  }

  private DeliveryAdmin(
      BucketRouter buckets,
      BucketRouter backgroundBuckets,
      DeliveryDependencies dependencies,
      DispatchHandoff handoff) {
    this.buckets = buckets;
    this.backgroundBuckets = backgroundBuckets;
    this.dependencies = dependencies;
    this.handoff = handoff;
    this.auditWriter = new AuditWriter(dependencies.ids());
    this.requests =
        new RequestReconstructor(dependencies.requestFactory(), dependencies.renderer());
    this.replays = new WebhookReplays(buckets, this::outbox, dependencies.ids(), auditWriter);
    this.accountReplays =
        new AccountReplays(
            buckets,
            backgroundBuckets,
            this::outbox,
            dependencies.ids(),
            auditWriter,
            handoff,
            dependencies.replays());
  }

  /// Returns this port for the calls of one idempotent request.
  public DeliveryAdmin within(IdempotencyScope scope) {
    return new DeliveryAdmin(scope.bind(buckets), backgroundBuckets, dependencies, handoff);
  }

  /// Returns deliveries, the newest first, or refuses the call if the stack, webhook or run does
  /// not exist. Pages neither repeat nor skip deliveries that existed when the first page was
  /// requested. If the filter depends on attempts and few match, a page may have fewer items than
  /// requested, even none, and still have a next page.
  public Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    DeliveryScope scope = filter.scope();
    return BucketRouter.list(
        buckets.of(scope.account(), scope.stackScope()),
        page,
        reverseOrder(),
        unit -> {
          requireScope(unit, scope);
          return unit.deliveries().list(filter, page);
        });
  }

  private static void requireScope(UnitOfWork unit, DeliveryScope scope) {
    switch (scope) {
      case DeliveryScope.OfWebhook(var stack, var webhook, var ignored) ->
          Require.existingWebhook(unit, stack, webhook);
      case DeliveryScope.OfRun(var run, var ignored) -> Require.run(unit, run);
      case DeliveryScope.OfAccount ignored -> {}
    }
  }

  /// Returns a delivery with its request, latest attempts and explanation, or refuses the call if
  /// it does not exist.
  public DeliveryDetails get(AccountId account, DeliveryId id) {
    Bucket bucket = buckets.of(id);
    return bucket
        .inSnapshot(unit -> unit.deliveries().find(account, id))
        .map(this::details)
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchDelivery(id.toString())));
  }

  private DeliveryDetails details(StoredDelivery stored) {
    List<AttemptView> attempts = requests.attempts(stored);
    return new DeliveryDetails(
        stored.webhook().stack(),
        stored.delivery(),
        requests.latest(stored, attempts, dependencies.clock().instant()),
        attempts,
        DeliveryExplainer.explain(stored));
  }

  /// Returns the finished attempts of a delivery, the latest first, or refuses the call if the
  /// delivery does not exist or is out of scope.
  public Page<AttemptView> listAttempts(
      AccountId account, StackScope stackScope, DeliveryId id, PageRequest page) {
    Bucket bucket = buckets.of(id);
    return bucket.inSnapshot(unit ->
        unit.deliveries()
            .find(account, id, page)
            .filter(stored -> stackScope.includes(stored.webhook().stack().slug()))
            .map(this::attempts)
            .orElseThrow(() -> new RefusedException(new Refusal.NoSuchDelivery(id.toString()))));
  }

  private Page<AttemptView> attempts(StoredDelivery stored) {
    List<AttemptView> latestFirst = requests.attempts(stored).reversed();
    List<String> cursors =
        latestFirst.stream().map(view -> String.valueOf(view.attempt().number())).toList();
    return new Page<>(latestFirst, cursors, stored.earlierAttempts());
  }

  /// Explains, for a page of transitions and each webhook of the run's stack, what was delivered or
  /// why nothing was. Refuses the call if the run does not exist.
  ///
  /// @param page the transitions, the latest first; with many webhooks, the page is shorter
  public RunExplanation explain(RunId run, PageRequest page) {
    return buckets.of(run.stack()).inSnapshot(unit -> RunExplanation.of(unit, run, page));
  }

  /// Finds the newest stacks, webhooks, runs and deliveries of the scope that have all of the
  /// terms, and explains what webhooks received of these runs. What is in buckets that are
  /// unavailable is missing.
  public SearchResult search(AccountId account, StackScope stackScope, SearchTerms terms) {
    return Search.find(buckets, account, stackScope, terms);
  }

  /// Sends a ping in the same way as other events. If the webhook is paused, the ping is the next
  /// probe, so that the webhook becomes active when it is delivered. Refuses the call if the
  /// webhook does not exist or is disabled.
  public Delivery ping(StackId stack, WebhookId id, Actor actor) {
    return testDelivery(stack).ping(stack, id, actor);
  }

  /// Sends a sample of a state change, which is marked as a test, like a ping.
  public Delivery test(StackId stack, WebhookId id, RunState state, Actor actor) {
    return testDelivery(stack).sample(stack, id, state, actor);
  }

  /// Sends a sample of a state change to an account webhook and waits for the response, at most ten
  /// seconds. The sample has a stack that need not exist. Nothing is stored, and no copy changes.
  /// Refuses the call if the account webhook does not exist or is disabled.
  public Attempt test(AccountId account, WebhookId id, RunState state, Actor actor) {
    return new TestDelivery(outbox(buckets.home()), dependencies, auditWriter)
        .sample(account, id, example(account), state, actor);
  }

  /// Checks the receiver of a webhook with two pings, of which the second has forged signatures
  /// that it must refuse. Waits for the responses, together no longer than the shorter of the
  /// timeout of the webhook and ten seconds. Nothing is stored, even if the webhook is paused.
  /// Refuses the call if the webhook does not exist or is disabled.
  public List<ReceiverCheck> check(StackId stack, WebhookId id, Actor actor) {
    return testDelivery(stack).check(stack, id, actor);
  }

  /// Checks the receiver of an account webhook in the same way.
  public List<ReceiverCheck> check(AccountId account, WebhookId id, Actor actor) {
    return new TestDelivery(outbox(buckets.home()), dependencies, auditWriter)
        .check(account, id, example(account), actor);
  }

  /// Returns what [#test] would send to a webhook of the stack with these settings. Refuses the
  /// call if the template is invalid.
  public Payload preview(StackId stack, DeliverySettings settings, RunState state) {
    Stack found = buckets.of(stack).inTransaction(unit -> Require.stack(unit, stack));
    return preview(found, settings, state);
  }

  /// Returns the same for an account webhook. The sample has a stack that need not exist.
  public Payload preview(AccountId account, DeliverySettings settings, RunState state) {
    return preview(example(account), settings, state);
  }

  private static Stack example(AccountId account) {
    return Stack.named(new StackId(account, "example"), "Example");
  }

  private Payload preview(Stack stack, DeliverySettings settings, RunState state) {
    Require.template(settings.template(), dependencies.renderer()::findTemplateError);
    return testDelivery(stack.id()).preview(stack, settings, state);
  }

  private TestDelivery testDelivery(StackId stack) {
    return new TestDelivery(outbox(buckets.of(stack)), dependencies, auditWriter);
  }

  private Outbox outbox(Bucket bucket) {
    return new Outbox(bucket, dependencies.renderer(), dependencies.ids(), handoff);
  }

  /// Delivers the same event to the same webhook again, in its lane. Refuses the call if the
  /// delivery does not exist or is out of scope, if it or another delivery of the same event is
  /// pending, if the payload is erased, or if the webhook is disabled or deleted.
  public Delivery redeliver(AccountId account, StackScope stackScope, DeliveryId id, Actor actor) {
    Outbox outbox = outbox(buckets.of(id));
    return outbox.inTransaction((unit, writer) -> {
      StoredDelivery original = requireWithWebhook(unit, account, stackScope, id);
      DeliveryId added = new Redelivery(unit, original).add(writer);
      Map<AuditDetail, String> details = describe(original.delivery());
      details.put(AuditDetail.DELIVERY, added.toString());
      auditWriter.write(
          unit,
          actor,
          AuditAction.DELIVERY_REDELIVERED,
          original.webhook().stack(),
          Optional.of(id.value()),
          details);
      return Require.delivery(unit, account, added);
    });
  }

  /// Makes a delivery that waits for a retry due now. If the delivery waits for another one in its
  /// lane, that one becomes due. Refuses the call if the delivery does not exist, is out of scope
  /// or has ended, or if the webhook is paused, disabled or deleted.
  public Delivery retry(AccountId account, StackScope stackScope, DeliveryId id, Actor actor) {
    Bucket bucket = buckets.of(id);
    Delivery retried =
        bucket.inTransaction(unit -> {
          StoredDelivery stored = requireWithWebhook(unit, account, stackScope, id);
          if (stored.delivery().status() != Delivery.Status.PENDING) {
            throw new RefusedException(new Refusal.DeliveryFinished(id.toString()));
          }
          Require.active(stored.webhook());
          unit.deliveries().makeDue(stored.blockedBy().orElse(stored.delivery()).id());
          StackId stack = stored.webhook().stack();
          auditWriter.write(
              unit,
              actor,
              AuditAction.DELIVERY_RETRIED,
              stack,
              Optional.of(id.value()),
              describe(stored.delivery()));
          return Require.delivery(unit, account, id);
        });
    handoff.wake();
    return retried;
  }

  /// Makes all deliveries of the webhook that wait for a retry due now. Refuses the call if the
  /// webhook does not exist, or is paused or disabled.
  ///
  /// @return how many deliveries became due
  public int retryAll(StackId stack, WebhookId id, Actor actor) {
    Bucket bucket = buckets.of(stack);
    int first =
        bucket.<Integer>inTransaction(unit -> {
          Webhook webhook = Require.webhook(unit, stack, id);
          Require.active(webhook);
          auditWriter.write(unit, actor, AuditAction.DELIVERIES_RETRIED, webhook, Map.of());
          return CatchUp.start(unit, List.of(id));
        });
    int rest = CatchUp.finish(bucket, id);
    handoff.wake();
    return first + rest;
  }

  /// Ends an open delivery, so that no further attempt is made, and makes the next one of its lane
  /// due. Refuses the call if the delivery does not exist, is out of scope or has ended, if an
  /// attempt is in flight, or if the webhook is deleted.
  ///
  /// @param reason a text for users, or empty
  public Delivery cancel(
      AccountId account, StackScope stackScope, DeliveryId id, String reason, Actor actor) {
    Delivery canceled =
        buckets
            .of(id)
            .inTransaction(unit -> {
              StoredDelivery stored = requireWithWebhook(unit, account, stackScope, id);
              Cancellations.cancel(unit, stored, actor, reason);
              Map<AuditDetail, String> details = describe(stored.delivery());
              Cancellations.putReason(details, reason);
              auditWriter.write(
                  unit,
                  actor,
                  AuditAction.DELIVERY_CANCELED,
                  stored.webhook().stack(),
                  Optional.of(id.value()),
                  details);
              return Require.delivery(unit, account, id);
            });
    handoff.wake();
    return canceled;
  }

  /// Cancels the open deliveries of the webhook that match the request and have no attempt in
  /// flight, at most [CancelRequest#MAX_DELIVERIES]. Refuses the call if the webhook does not
  /// exist. Uses several transactions: after a failure, the deliveries that were already canceled
  /// stay so, and the call can be repeated.
  ///
  /// @return how many were canceled
  public int cancelAll(StackId stack, WebhookId id, CancelRequest request, Actor actor) {
    return cancellations(stack).cancelAll(stack, id, request, actor);
  }

  /// Counts what [#cancelAll] would cancel.
  public int previewCancellation(StackId stack, WebhookId id, CancelRequest request) {
    return cancellations(stack).count(stack, id, request);
  }

  /// Cancels like the other method, but to all webhooks of the account's stacks in the scope. If a
  /// bucket fails, those of the others are canceled, and the failure is thrown.
  ///
  /// @param dryRun only counts what would be canceled
  /// @return how many deliveries were canceled, at most [CancelRequest#MAX_DELIVERIES] for each
  ///   webhook
  public int cancelAll(
      AccountId account,
      StackScope stackScope,
      CancelRequest request,
      boolean dryRun,
      Actor actor) {
    AtomicInteger total = new AtomicInteger();
    BucketRouter.forEach(
        buckets.of(account, stackScope),
        bucket ->
            total.addAndGet(
                new Cancellations(bucket, auditWriter, handoff)
                    .cancelAll(account, stackScope, request, dryRun, actor)));
    return total.get();
  }

  private Cancellations cancellations(StackId stack) {
    return new Cancellations(buckets.of(stack), auditWriter, handoff);
  }

  private static StoredDelivery requireWithWebhook(
      UnitOfWork unit, AccountId account, StackScope stackScope, DeliveryId id) {
    StoredDelivery found =
        unit.deliveries()
            .find(account, id)
            .filter(stored -> stackScope.includes(stored.webhook().stack().slug()))
            .orElseThrow(() -> new RefusedException(new Refusal.NoSuchDelivery(id.toString())));
    if (found.webhookDeletedAt().isPresent()) {
      throw new RefusedException(new Refusal.NoSuchWebhook(found.webhook().id().toString()));
    }
    return found;
  }

  /// Redelivers the finished deliveries that match the request, or delivers the events that the
  /// webhook was skipped for, in the order of their lanes. Omits events that have an open delivery
  /// to the webhook, or whose latest delivery to it has another status, and those without a
  /// payload. Refuses the call if the webhook or the run does not exist, the webhook is disabled,
  /// or more than [ReplayRequest#MAX_DELIVERIES] deliveries match. Uses several transactions: after
  /// a failure, the deliveries that were already created are kept, and the call can be repeated.
  public ReplayProgress replay(StackId stack, WebhookId id, ReplayRequest request, Actor actor) {
    return replay(stack, id, request, Integer.MAX_VALUE, actor);
  }

  /// Redelivers like the other method, unless it would create over 1 % more deliveries.
  ///
  /// @param expected how many deliveries the caller expects, from [#previewReplay]
  public ReplayProgress replay(
      StackId stack, WebhookId id, ReplayRequest request, int expected, Actor actor) {
    return replays.create(stack, id, request, expected, actor);
  }

  /// Returns a replay with the current status of its deliveries, or refuses the call if it does not
  /// exist.
  public ReplayProgress getReplay(StackId stack, WebhookId webhook, ReplayId id) {
    return replays.get(stack, webhook, id);
  }

  /// Returns the replays of a webhook, the newest first, or refuses the call if it does not exist.
  public Page<ReplayProgress> listReplays(StackId stack, WebhookId webhook, PageRequest page) {
    return replays.list(stack, webhook, page);
  }

  /// Counts what [#replay] would redeliver, and refuses what it refuses.
  public ReplayPreview previewReplay(StackId stack, WebhookId id, ReplayRequest request) {
    return replays.preview(stack, id, request);
  }

  /// Replays the deliveries of all enabled webhooks in the scope, as [#replay] does for one. The
  /// deliveries are created after this method returns.
  ///
  /// @param expected how many deliveries the caller expects, from [#previewReplay]
  public AccountReplay replay(
      AccountId account, StackScope scope, ReplayRequest request, int expected, Actor actor) {
    return accountReplays.create(account, scope, request, expected, actor);
  }

  public ReplayPreview previewReplay(AccountId account, StackScope scope, ReplayRequest request) {
    return accountReplays.preview(account, scope, request);
  }

  /// Returns a replay of the account, as far as it is about stacks in the scope, or refuses the
  /// call if there is none.
  public AccountReplay getReplay(AccountId account, StackScope scope, ReplayId id) {
    return accountReplays.get(account, scope, id);
  }

  /// Ends a replay of the account: it creates no more deliveries, and those that wait are canceled.
  public AccountReplay cancelReplay(AccountId account, StackScope scope, ReplayId id, Actor actor) {
    return accountReplays.cancel(account, scope, id, actor);
  }

  private static Map<AuditDetail, String> describe(Delivery delivery) {
    Map<AuditDetail, String> details = new EnumMap<>(AuditDetail.class);
    details.put(AuditDetail.WEBHOOK, delivery.webhook().toString());
    delivery.transition().ifPresent(ref -> details.put(AuditDetail.RUN, ref.run()));
    return details;
  }
}
