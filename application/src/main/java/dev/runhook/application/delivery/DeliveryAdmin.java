package dev.runhook.application.delivery;

import static java.util.Comparator.reverseOrder;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.delivery.DeliveryDetails.AttemptView;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.CatchUp;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
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
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Shows deliveries to users, explains their status, and creates pings and redeliveries. Has the
/// ports for replays and cancellations. Thread-safe.
public final class DeliveryAdmin {
  private final BucketRouter buckets;
  private final DeliveryDependencies dependencies;
  private final DispatchHandoff handoff;
  private final AuditWriter auditWriter;
  private final RequestReconstructor requests;
  private final WebhookReplays replays;
  private final AccountReplays accountReplays;
  private final Cancellations cancellations;
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
    this.cancellations = new Cancellations(buckets, auditWriter, handoff);
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

  /// Returns the port for canceling deliveries.
  public Cancellations cancellations() {
    return cancellations;
  }

  /// Returns the port for the replays of single webhooks.
  public WebhookReplays replays() {
    return replays;
  }

  /// Returns the port for replays of several webhooks at once.
  public AccountReplays accountReplays() {
    return accountReplays;
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
  ///
  /// @param onResult gets each result as soon as it is known, from any thread, and must return at
  ///   once; it gets none if the call is refused
  public List<ReceiverCheck> check(
      StackId stack, WebhookId id, Actor actor, Consumer<ReceiverCheck> onResult) {
    return testDelivery(stack).check(stack, id, actor, onResult);
  }

  /// Checks the receiver of an account webhook in the same way.
  public List<ReceiverCheck> check(
      AccountId account, WebhookId id, Actor actor, Consumer<ReceiverCheck> onResult) {
    return new TestDelivery(outbox(buckets.home()), dependencies, auditWriter)
        .check(account, id, example(account), actor, onResult);
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
      StoredDelivery original = Require.deliveryWithWebhook(unit, account, stackScope, id);
      DeliveryId added = new Redelivery(unit, original).add(writer);
      auditWriter.write(
          unit,
          actor,
          AuditAction.DELIVERY_REDELIVERED,
          original.delivery(),
          Map.of(AuditDetail.DELIVERY, added.toString()));
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
          StoredDelivery stored = Require.deliveryWithWebhook(unit, account, stackScope, id);
          if (stored.delivery().status() != Delivery.Status.PENDING) {
            throw new RefusedException(new Refusal.DeliveryFinished(id.toString()));
          }
          Require.active(stored.webhook());
          unit.deliveries().makeDue(stored.blockedBy().orElse(stored.delivery()).id());
          auditWriter.write(unit, actor, AuditAction.DELIVERY_RETRIED, stored.delivery(), Map.of());
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
}
