package dev.runhook.http;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.DeliveryScope.OfAccount;
import dev.runhook.application.DeliveryScope.OfRun;
import dev.runhook.application.DeliveryScope.OfWebhook;
import dev.runhook.application.Refusal.NoSuchDelivery;
import dev.runhook.application.RefusedException;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DeliveryStory;
import dev.runhook.application.delivery.Replay;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.EventStreams.Message;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Deliveries: what was sent, what came back, and why not.
final class DeliveryRoutes {
  private static final String DELIVERIES = "/deliveries/";

  private final DeliveryAdmin deliveries;

  DeliveryRoutes(DeliveryAdmin deliveries) {
    this.deliveries = deliveries;
  }

  /// A delivery in a list.
  ///
  /// @param previousVersion null for the first that the webhook is told of the run
  /// @param attempts how many were begun
  record DeliveryJson(
      String id,
      String stack,
      String webhook,
      String event,
      String kind,
      @Nullable String run,
      @Nullable RunState state,
      @Nullable Long stateVersion,
      @Nullable Long previousVersion,
      Delivery.Status status,
      int attempts,
      @Nullable Instant nextAttemptAt,
      Instant createdAt,
      @Nullable Instant deliveredAt,
      @Nullable String redeliveryOf) {
    static DeliveryJson of(Delivery delivery) {
      return new DeliveryJson(
          delivery.id().toString(),
          delivery.stack().slug(),
          delivery.webhook().toString(),
          delivery.event().toString(),
          delivery.kind().wireName(),
          delivery.move().map(Delivery.Move::run).orElse(null),
          delivery.move().map(Delivery.Move::state).orElse(null),
          delivery.move().map(Delivery.Move::version).orElse(null),
          delivery.move().flatMap(Delivery.Move::previous).orElse(null),
          delivery.status(),
          delivery.attempts(),
          delivery.nextAttemptAt().orElse(null),
          delivery.createdAt(),
          delivery.deliveredAt().orElse(null),
          delivery.redeliveryOf().map(DeliveryId::toString).orElse(null));
    }
  }

  void mount(Routes routes) {
    routes.stack(GET, WebhookRoutes.WEBHOOK + "/deliveries", Role.READER, this::ofWebhook);
    routes.events(WebhookRoutes.WEBHOOK + "/deliveries/events", Role.READER, this::watch);
    routes.stack(GET, RunRoutes.RUN + "/deliveries", Role.READER, this::ofRun);
    routes.stack(GET, RunRoutes.RUN + "/explain", Role.READER, this::explain);
    routes.account(GET, "/deliveries", Role.READER, this::ofAccount);
    routes.stack(POST, WebhookRoutes.WEBHOOK + "/ping", Role.ADMIN, this::ping);
    routes.account(GET, DELIVERIES + "{delivery}", Role.READER, this::find);
    routes.account(POST, DELIVERIES + "{delivery}/redeliver", Role.ADMIN, this::redeliver);
    routes.stack(POST, WebhookRoutes.WEBHOOK + "/replays", Role.ADMIN, this::replay);
  }

  private Answer ofWebhook(Call call, StackId stack) {
    Parameters parameters = call.parameters();
    Optional<String> run = parameters.find("run", name -> new RunId(stack, name).name());
    return list(parameters, new OfWebhook(stack, WebhookRoutes.id(call), run));
  }

  private Answer ofRun(Call call, StackId stack) {
    return list(call.parameters(), new OfRun(RunRoutes.id(call, stack)));
  }

  private Answer ofAccount(Call call) {
    Parameters parameters = call.parameters();
    AccountId account = call.grant().account();
    Optional<String> stack = parameters.find("stack", slug -> new StackId(account, slug).slug());
    Optional<String> run =
        parameters.find("run", name -> new RunId(new StackId(account, "any"), name).name());
    Reach reach = call.grant().reach();
    Reach asked = stack.map(reach::within).orElse(reach);
    return list(parameters, new OfAccount(account, asked, run));
  }

  private Supplier<List<Message>> watch(Call call, StackId stack) {
    Parameters parameters = call.parameters();
    Optional<String> run = parameters.find("run", name -> new RunId(stack, name).name());
    DeliveryFilter filter = filter(parameters, new OfWebhook(stack, WebhookRoutes.id(call), run));
    parameters.requireFit();
    return new DeliveryFeed(page -> deliveries.list(filter, page), call.lastEvent());
  }

  private static DeliveryFilter filter(Parameters parameters, DeliveryScope scope) {
    return new DeliveryFilter(
        scope,
        parameters.find("status", name -> Form.constant(Delivery.Status.class, name)),
        parameters.find("state", name -> Form.constant(RunState.class, name)),
        parameters.find("from", Times::readInQuery),
        parameters.find("to", Times::readInQuery));
  }

  private Answer list(Parameters parameters, DeliveryScope scope) {
    DeliveryFilter filter = filter(parameters, scope);
    return Pages.answer(parameters, page -> deliveries.list(filter, page), DeliveryJson::of);
  }

  private Answer explain(Call call, StackId stack) {
    return Answer.ok(RunExplanationJson.of(deliveries.explain(RunRoutes.id(call, stack))));
  }

  private Answer ping(Call call, StackId stack) {
    call.requireNothingSaid();
    return accepted(deliveries.ping(stack, WebhookRoutes.id(call), call.actor()));
  }

  private Answer redeliver(Call call) {
    call.requireNothingSaid();
    Grant grant = call.grant();
    return accepted(deliveries.redeliver(grant.account(), grant.reach(), id(call), call.actor()));
  }

  private static Answer accepted(Delivery delivery) {
    return Answer.of(202, DeliveryJson.of(delivery)).located(DELIVERIES + delivery.id());
  }

  private Answer replay(Call call, StackId stack) {
    WebhookId id = WebhookRoutes.id(call);
    Replay wanted = call.body(ReplayForm::replay);
    return Answer.of(202, deliveries.replay(stack, id, wanted, call.actor()));
  }

  private Answer find(Call call) {
    DeliveryId id = id(call);
    DeliveryStory story = deliveries.find(call.grant().account(), id);
    if (!call.grant().reach().includes(story.stack().slug())) {
      throw new RefusedException(new NoSuchDelivery(id.toString()));
    }
    return Answer.ok(StoryJson.of(story));
  }

  private static DeliveryId id(Call call) {
    return call.findId("delivery")
        .map(DeliveryId::new)
        .orElseThrow(() -> new RefusedException(new NoSuchDelivery(call.path("delivery"))));
  }
}
