package dev.runhook.http.delivery;

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
import dev.runhook.application.delivery.DeliveryDetails;
import dev.runhook.application.delivery.ReplayRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.api.SseStreams.SseEvent;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.json.Rfc3339;
import dev.runhook.http.run.RunRoutes;
import dev.runhook.http.webhook.WebhookRoutes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Deliveries: what was sent, what came back, and why not.
public final class DeliveryRoutes {
  private static final String DELIVERIES = "/deliveries/";

  private final DeliveryAdmin deliveries;

  public DeliveryRoutes(DeliveryAdmin deliveries) {
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
      int attemptCount,
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
          delivery.transition().map(Delivery.TransitionRef::run).orElse(null),
          delivery.transition().map(Delivery.TransitionRef::state).orElse(null),
          delivery.transition().map(Delivery.TransitionRef::version).orElse(null),
          delivery.transition().flatMap(Delivery.TransitionRef::previousVersion).orElse(null),
          delivery.status(),
          delivery.attemptCount(),
          delivery.nextAttemptAt().orElse(null),
          delivery.createdAt(),
          delivery.deliveredAt().orElse(null),
          delivery.redeliveryOf().map(DeliveryId::toString).orElse(null));
    }
  }

  public void mount(Routes routes) {
    routes.stack(GET, WebhookRoutes.WEBHOOK + "/deliveries", Role.READER, this::ofWebhook);
    routes.sse(WebhookRoutes.WEBHOOK + "/deliveries/events", Role.READER, this::watch);
    routes.stack(GET, RunRoutes.RUN + "/deliveries", Role.READER, this::ofRun);
    routes.stack(GET, RunRoutes.RUN + "/explain", Role.READER, this::explain);
    routes.account(GET, "/deliveries", Role.READER, this::ofAccount);
    routes.stack(POST, WebhookRoutes.WEBHOOK + "/ping", Role.ADMIN, this::ping);
    routes.account(GET, DELIVERIES + "{delivery}", Role.READER, this::find);
    routes.account(POST, DELIVERIES + "{delivery}/redeliver", Role.ADMIN, this::redeliver);
    routes.stack(POST, WebhookRoutes.WEBHOOK + "/replays", Role.ADMIN, this::replay);
  }

  private ApiResponse ofWebhook(ApiRequest apiRequest, StackId stack) {
    QueryReader queryReader = apiRequest.query();
    Optional<String> run = queryReader.find("run", name -> new RunId(stack, name).name());
    return list(queryReader, new OfWebhook(stack, WebhookRoutes.id(apiRequest), run));
  }

  private ApiResponse ofRun(ApiRequest apiRequest, StackId stack) {
    return list(apiRequest.query(), new OfRun(RunRoutes.id(apiRequest, stack)));
  }

  private ApiResponse ofAccount(ApiRequest apiRequest) {
    QueryReader queryReader = apiRequest.query();
    AccountId account = apiRequest.grant().account();
    Optional<String> stack = queryReader.find("stack", slug -> new StackId(account, slug).slug());
    Optional<String> run =
        queryReader.find("run", name -> new RunId(new StackId(account, "any"), name).name());
    StackScope stackScope = apiRequest.grant().stackScope();
    StackScope asked = stack.map(stackScope::restrictedTo).orElse(stackScope);
    return list(queryReader, new OfAccount(account, asked, run));
  }

  private Supplier<List<SseEvent>> watch(ApiRequest apiRequest, StackId stack) {
    QueryReader queryReader = apiRequest.query();
    Optional<String> run = queryReader.find("run", name -> new RunId(stack, name).name());
    DeliveryFilter filter =
        filter(queryReader, new OfWebhook(stack, WebhookRoutes.id(apiRequest), run));
    queryReader.requireValid();
    return new DeliveryChanges(page -> deliveries.list(filter, page), apiRequest.findLastEventId());
  }

  private static DeliveryFilter filter(QueryReader queryReader, DeliveryScope scope) {
    return new DeliveryFilter(
        scope,
        queryReader.find("status", name -> Decoder.enumConstant(Delivery.Status.class, name)),
        queryReader.find("state", name -> Decoder.enumConstant(RunState.class, name)),
        queryReader.find("from", Rfc3339::parseQueryParameter),
        queryReader.find("to", Rfc3339::parseQueryParameter));
  }

  private ApiResponse list(QueryReader queryReader, DeliveryScope scope) {
    DeliveryFilter filter = filter(queryReader, scope);
    return Pagination.respond(queryReader, page -> deliveries.list(filter, page), DeliveryJson::of);
  }

  private ApiResponse explain(ApiRequest apiRequest, StackId stack) {
    return ApiResponse.ok(
        RunExplanationJson.of(deliveries.explain(RunRoutes.id(apiRequest, stack))));
  }

  private ApiResponse ping(ApiRequest apiRequest, StackId stack) {
    apiRequest.requireEmptyBody();
    return accepted(deliveries.ping(stack, WebhookRoutes.id(apiRequest), apiRequest.actor()));
  }

  private ApiResponse redeliver(ApiRequest apiRequest) {
    apiRequest.requireEmptyBody();
    Grant grant = apiRequest.grant();
    return accepted(
        deliveries.redeliver(
            grant.account(), grant.stackScope(), id(apiRequest), apiRequest.actor()));
  }

  private static ApiResponse accepted(Delivery delivery) {
    return ApiResponse.of(202, DeliveryJson.of(delivery)).withLocation(DELIVERIES + delivery.id());
  }

  private ApiResponse replay(ApiRequest apiRequest, StackId stack) {
    WebhookId id = WebhookRoutes.id(apiRequest);
    ReplayRequest wanted = apiRequest.readBody(ReplayRequestParser::parse);
    return ApiResponse.of(202, deliveries.replay(stack, id, wanted, apiRequest.actor()));
  }

  private ApiResponse find(ApiRequest apiRequest) {
    DeliveryId id = id(apiRequest);
    DeliveryDetails story = deliveries.get(apiRequest.grant().account(), id);
    if (!apiRequest.grant().stackScope().includes(story.stack().slug())) {
      throw new RefusedException(new NoSuchDelivery(id.toString()));
    }
    return ApiResponse.ok(DeliveryDetailsJson.of(story));
  }

  private static DeliveryId id(ApiRequest apiRequest) {
    return apiRequest
        .findId("delivery")
        .map(DeliveryId::new)
        .orElseThrow(
            () -> new RefusedException(new NoSuchDelivery(apiRequest.pathParameter("delivery"))));
  }
}
