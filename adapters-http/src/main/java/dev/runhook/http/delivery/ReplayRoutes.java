package dev.runhook.http.delivery;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.ReplayPreview;
import dev.runhook.application.delivery.ReplayRequest;
import dev.runhook.application.query.AccountReplay;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.refusal.Refusal.NoSuchReplay;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.Replay.Selection;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.webhook.WebhookRoutes;
import java.time.Instant;
import java.util.Optional;

/// Routes for the replays of a webhook, and of all webhooks of the account.
public final class ReplayRoutes {
  private static final String OF_ACCOUNT = "/replays";
  private static final String REPLAYS = WebhookRoutes.WEBHOOK + "/replays";
  private static final Decoder<Replay.Status> STATUS = Decoder.enumOf(Replay.Status.class);

  /// What a filter skipped is replayed for one webhook at a time.
  private static final Decoder<Replay.Status> FINISHED =
      STATUS.map(status -> {
        if (status == Replay.Status.SKIPPED) {
          throw new IllegalArgumentException("must be DELIVERED, FAILED or CANCELED");
        }
        return status;
      });

  private final DeliveryAdmin deliveries;

  public ReplayRoutes(DeliveryAdmin deliveries) {
    this.deliveries = deliveries;
  }

  /// @param to null for the time of the replay
  /// @param completedAt null while deliveries are created, or if that was interrupted
  record ReplayJson(
      String id,
      String webhook,
      Instant from,
      Optional<Instant> to,
      Replay.Status status,
      Optional<String> run,
      Optional<RunState> state,
      int matched,
      int erased,
      int created,
      int delivered,
      int failed,
      int pending,
      Instant createdAt,
      Optional<Instant> completedAt,
      Optional<Instant> canceledAt) {
    static ReplayJson of(ReplayProgress progress) {
      Replay replay = progress.replay();
      Selection selection = replay.selection();
      return new ReplayJson(
          replay.id().toString(),
          replay.webhook().toString(),
          selection.from(),
          selection.to(),
          selection.status(),
          selection.run(),
          selection.state(),
          replay.matched(),
          replay.erased(),
          progress.created(),
          progress.delivered(),
          progress.failed(),
          progress.pending(),
          replay.createdAt(),
          progress.completedAt(),
          progress.canceledAt());
    }
  }

  /// The replays of several webhooks.
  ///
  /// @param webhooks how many webhooks have matching events
  /// @param completedAt null while deliveries are created, or if that was interrupted
  record AccountReplayJson(
      String id,
      int webhooks,
      int matched,
      int erased,
      int created,
      int delivered,
      int failed,
      int pending,
      Optional<Instant> completedAt,
      Optional<Instant> canceledAt) {
    static AccountReplayJson of(AccountReplay replay) {
      return new AccountReplayJson(
          replay.id().toString(),
          replay.replays().size(),
          replay.sum(each -> each.replay().matched()),
          replay.sum(each -> each.replay().erased()),
          replay.sum(ReplayProgress::created),
          replay.sum(ReplayProgress::delivered),
          replay.sum(ReplayProgress::failed),
          replay.sum(ReplayProgress::pending),
          replay.completedAt(),
          replay.canceledAt());
    }
  }

  record ReplayPreviewJson(boolean dryRun, int matched, int erased, int toCreate) {
    static ReplayPreviewJson of(ReplayPreview preview) {
      return new ReplayPreviewJson(true, preview.matched(), preview.erased(), preview.toCreate());
    }
  }

  private record ReplayBody(ReplayRequest request, int expected, boolean dryRun) {}

  public void mount(Routes routes) {
    routes.stack(POST, REPLAYS, Role.ADMIN, this::replay);
    routes.stack(GET, REPLAYS, Role.READER, this::list);
    routes.stack(GET, REPLAYS + "/{replay}", Role.READER, this::find);
    routes.account(POST, OF_ACCOUNT, Role.ADMIN, this::replayAll);
    routes.account(GET, OF_ACCOUNT + "/{replay}", Role.READER, this::findAll);
    routes.account(POST, OF_ACCOUNT + "/{replay}/cancel", Role.ADMIN, this::cancelAll);
  }

  private ApiResponse replay(ApiRequest request, StackId stack) {
    WebhookId webhook = WebhookRoutes.id(request);
    ReplayBody body = request.readBody(fields -> parseBody(fields, stack, STATUS));
    if (body.dryRun()) {
      return ApiResponse.ok(
          ReplayPreviewJson.of(deliveries.replays().preview(stack, webhook, body.request())));
    }
    ReplayProgress progress =
        deliveries
            .within(request.scope())
            .replays()
            .create(stack, webhook, body.request(), body.expected(), request.actor());
    return ApiResponse.of(202, ReplayJson.of(progress))
        .withLocation(
            "/stacks/%s/webhooks/%s/replays/%s"
                .formatted(stack.slug(), webhook, progress.replay().id()));
  }

  private static Optional<ReplayBody> parseBody(
      JsonObjectReader fields, StackId stack, Decoder<Replay.Status> statuses) {
    Optional<Instant> from = fields.optionalNonNull("from", Decoder.TIME);
    Optional<Instant> to = fields.optional("to", Decoder.TIME);
    Optional<Boolean> sinceLastSuccess =
        fields.optionalNonNull("sinceLastSuccess", Decoder.BOOLEAN);
    Optional<Replay.Status> status = fields.optionalNonNull("status", statuses);
    Optional<String> run =
        fields.optional("run", Decoder.STRING.map(name -> new RunId(stack, name).name()));
    Optional<RunState> state = fields.optional("state", Decoder.enumOf(RunState.class));
    Optional<Long> expected = fields.optional("expected", Decoder.integerAtLeast(0));
    Optional<Boolean> dryRun = fields.optionalNonNull("dryRun", Decoder.BOOLEAN);
    return fields.build(() ->
        new ReplayBody(
            new ReplayRequest(
                from,
                to,
                sinceLastSuccess.orElse(false),
                status.orElse(Replay.Status.FAILED),
                run,
                state),
            expected
                .map(count -> Math.clamp(count, 0, Integer.MAX_VALUE))
                .orElse(Integer.MAX_VALUE),
            dryRun.orElse(false)));
  }

  private ApiResponse list(ApiRequest request, StackId stack) {
    WebhookId webhook = WebhookRoutes.id(request);
    return Pagination.respond(
        request.query(), page -> deliveries.replays().list(stack, webhook, page), ReplayJson::of);
  }

  private ApiResponse find(ApiRequest request, StackId stack) {
    return ApiResponse.ok(
        ReplayJson.of(deliveries.replays().get(stack, WebhookRoutes.id(request), id(request))));
  }

  private static ReplayId id(ApiRequest request) {
    return request.id("replay", ReplayId::new, NoSuchReplay::new);
  }

  private ApiResponse replayAll(ApiRequest request) {
    Grant grant = request.grant();
    StackId anyStack = new StackId(grant.account(), "any");
    AccountReplayBody body =
        request.readBody(fields -> {
          Optional<String> stack = CancellationRoutes.findStack(fields, grant.account());
          Optional<ReplayBody> replay = parseBody(fields, anyStack, FINISHED);
          return replay.map(parsed -> new AccountReplayBody(stack, parsed));
        });
    StackScope scope =
        body.stack().map(grant.stackScope()::restrictedTo).orElse(grant.stackScope());
    ReplayBody replay = body.replay();
    if (replay.dryRun()) {
      return ApiResponse.ok(
          ReplayPreviewJson.of(
              deliveries.accountReplays().preview(grant.account(), scope, replay.request())));
    }
    AccountReplay created =
        deliveries
            .within(request.scope())
            .accountReplays()
            .create(grant.account(), scope, replay.request(), replay.expected(), request.actor());
    return ApiResponse.of(202, AccountReplayJson.of(created))
        .withLocation(OF_ACCOUNT + "/" + created.id());
  }

  private record AccountReplayBody(Optional<String> stack, ReplayBody replay) {}

  private ApiResponse findAll(ApiRequest request) {
    Grant grant = request.grant();
    return ApiResponse.ok(
        AccountReplayJson.of(
            deliveries.accountReplays().get(grant.account(), grant.stackScope(), id(request))));
  }

  private ApiResponse cancelAll(ApiRequest request) {
    request.requireEmptyBody();
    Grant grant = request.grant();
    return ApiResponse.ok(
        AccountReplayJson.of(
            deliveries
                .within(request.scope())
                .accountReplays()
                .cancel(grant.account(), grant.stackScope(), id(request), request.actor())));
  }
}
