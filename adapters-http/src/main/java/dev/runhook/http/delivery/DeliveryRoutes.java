package dev.runhook.http.delivery;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DeliveryDetails;
import dev.runhook.application.delivery.DeliveryDetails.AttemptView;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.DeliveryScope.OfAccount;
import dev.runhook.application.query.DeliveryScope.OfRun;
import dev.runhook.application.query.DeliveryScope.OfWebhook;
import dev.runhook.application.refusal.Refusal.NoSuchDelivery;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Pagination;
import dev.runhook.http.api.Routes;
import dev.runhook.http.api.SseStreams.SseEvent;
import dev.runhook.http.delivery.DeliveryDetailsJson.AttemptJson;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.json.QueryReader.TimeRange;
import dev.runhook.http.run.RunRoutes;
import dev.runhook.http.webhook.AccountWebhookRoutes;
import dev.runhook.http.webhook.WebhookRoutes;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Routes for the deliveries of an account, a run or a webhook, and for the erasure of their
/// payloads.
public final class DeliveryRoutes {
  static final String DELIVERIES = "/deliveries/";
  private static final Decoder<RunState> STATE =
      Decoder.STRING.map(name -> Decoder.enumConstant(RunState.class, name));

  private final DeliveryAdmin deliveries;
  private final PayloadErasure erasure;
  private final SharedLists streamed;

  public DeliveryRoutes(DeliveryAdmin deliveries, PayloadErasure erasure) {
    this.deliveries = deliveries;
    this.erasure = erasure;
    this.streamed =
        new SharedLists(
            filter -> deliveries.list(filter, DeliveryChanges.WINDOW), System::nanoTime);
  }

  public void mount(Routes routes) {
    routes.stack(GET, WebhookRoutes.WEBHOOK + "/deliveries", Role.READER, this::ofWebhook);
    routes.sse(WebhookRoutes.WEBHOOK + "/deliveries/events", Role.READER, this::watch);
    routes.stack(GET, RunRoutes.RUN + "/deliveries", Role.READER, this::ofRun);
    routes.stack(GET, RunRoutes.RUN + "/explanation", Role.READER, this::explain);
    routes.account(GET, "/deliveries", Role.READER, this::ofAccount);
    routes.stack(POST, WebhookRoutes.WEBHOOK + "/ping", Role.ADMIN, this::ping);
    routes.stack(POST, WebhookRoutes.WEBHOOK + "/test", Role.ADMIN, this::test);
    routes.accountTests(
        AccountWebhookRoutes.WEBHOOK + "/test", Role.ADMIN, this::testAccountWebhook);
    routes.stackTests(WebhookRoutes.WEBHOOK + "/checks", Role.ADMIN, this::check);
    routes.accountTests(
        AccountWebhookRoutes.WEBHOOK + "/checks", Role.ADMIN, this::checkAccountWebhook);
    routes.account(GET, DELIVERIES + "{delivery}", Role.READER, this::find);
    routes.account(GET, DELIVERIES + "{delivery}/attempts", Role.READER, this::attempts);
    routes.account(POST, DELIVERIES + "{delivery}/redeliver", Role.ADMIN, this::redeliver);
    routes.account(POST, DELIVERIES + "{delivery}/retry", Role.ADMIN, this::retry);
    routes.stack(POST, WebhookRoutes.WEBHOOK + "/retry", Role.ADMIN, this::retryAll);
    routes.account(DELETE, "/payloads", Role.ADMIN, this::eraseAll);
    routes.stack(DELETE, RunRoutes.RUN + "/payloads", Role.ADMIN, this::eraseRun);
  }

  private ApiResponse ofWebhook(ApiRequest request, StackId stack) {
    QueryReader query = request.query();
    Optional<String> run = query.find("run", name -> new RunId(stack, name).name());
    return list(query, new OfWebhook(stack, WebhookRoutes.id(request), run));
  }

  private ApiResponse ofRun(ApiRequest request, StackId stack) {
    QueryReader query = request.query();
    Optional<WebhookId> webhook = query.find("webhook", DeliveryRoutes::webhook);
    return list(query, new OfRun(RunRoutes.id(request, stack), webhook));
  }

  private ApiResponse ofAccount(ApiRequest request) {
    QueryReader query = request.query();
    AccountId account = request.grant().account();
    StackScope stackScope = request.findStackScope(query);
    Optional<String> run =
        query.find("run", name -> new RunId(new StackId(account, "any"), name).name());
    Optional<WebhookId> webhook = query.find("webhook", DeliveryRoutes::webhook);
    return list(query, new OfAccount(account, stackScope, run, webhook));
  }

  static WebhookId webhook(String text) {
    return new WebhookId(QueryReader.parseId(text));
  }

  private Supplier<List<SseEvent>> watch(ApiRequest request, StackId stack) {
    QueryReader query = request.query();
    Optional<String> run = query.find("run", name -> new RunId(stack, name).name());
    DeliveryFilter filter = filter(query, new OfWebhook(stack, WebhookRoutes.id(request), run));
    query.requireValid();
    return new DeliveryChanges(streamed, filter, request.findLastEventId());
  }

  private static DeliveryFilter filter(QueryReader query, DeliveryScope scope) {
    Optional<Delivery.Status> status =
        query.find("status", name -> Decoder.enumConstant(Delivery.Status.class, name));
    Optional<RunState> state =
        query.find("state", name -> Decoder.enumConstant(RunState.class, name));
    TimeRange range = query.findTimeRange();
    return new DeliveryFilter(
        scope,
        status,
        state,
        Optional.empty(),
        range.from(),
        range.to(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// Adds the criteria that lists have and streams do not.
  private static DeliveryFilter ofList(QueryReader query, DeliveryFilter filter) {
    Optional<Outcome.Code> outcome =
        query.find("outcome", name -> Decoder.enumConstant(Outcome.Code.class, name));
    Optional<Integer> statusCode = query.find("statusCode", DeliveryRoutes::statusCode);
    Optional<Boolean> redelivered = query.find("redelivered", DeliveryRoutes::bool);
    Optional<Kind> kind =
        query.find("kind", name -> Decoder.lowerCaseConstant(List.of(Kind.values()), name));
    DeliveryFilter byKind = kind.map(filter::withKind).orElse(filter);
    DeliveryFilter byOutcome = outcome.map(byKind::withOutcome).orElse(byKind);
    DeliveryFilter byStatus = statusCode.map(byOutcome::withStatusCode).orElse(byOutcome);
    return redelivered.map(byStatus::withRedelivered).orElse(byStatus);
  }

  private static int statusCode(String text) {
    if (!text.matches("[1-5]\\d\\d")) {
      throw new IllegalArgumentException("must be an HTTP status from 100 to 599");
    }
    return Integer.parseInt(text);
  }

  private ApiResponse list(QueryReader query, DeliveryScope scope) {
    DeliveryFilter filter = ofList(query, filter(query, scope));
    return Pagination.respond(query, page -> deliveries.list(filter, page), DeliveryJson::of);
  }

  private ApiResponse explain(ApiRequest request, StackId stack) {
    RunId run = RunRoutes.id(request, stack);
    return Pagination.respond(
        request.query(),
        page -> ApiResponse.ok(RunExplanationJson.of(deliveries.explain(run, page))));
  }

  private DeliveryAdmin deliveries(ApiRequest request) {
    return deliveries.within(request.scope());
  }

  private ApiResponse ping(ApiRequest request, StackId stack) {
    request.requireEmptyBody();
    return accepted(deliveries(request).ping(stack, WebhookRoutes.id(request), request.actor()));
  }

  private ApiResponse test(ApiRequest request, StackId stack) {
    return accepted(
        deliveries(request)
            .test(stack, WebhookRoutes.id(request), testedState(request), request.actor()));
  }

  /// Returns the attempt, because there is no delivery.
  private ApiResponse testAccountWebhook(ApiRequest request) {
    Attempt attempt =
        deliveries.test(
            AccountWebhookRoutes.requireAllStacks(request),
            AccountWebhookRoutes.id(request),
            testedState(request),
            request.actor());
    return ApiResponse.ok(AttemptJson.of(new AttemptView(attempt, Optional.empty())));
  }

  private ApiResponse check(ApiRequest request, StackId stack) {
    request.requireEmptyBody();
    WebhookId webhook = WebhookRoutes.id(request);
    return checks(request, onResult -> deliveries.check(stack, webhook, request.actor(), onResult));
  }

  private ApiResponse checkAccountWebhook(ApiRequest request) {
    request.requireEmptyBody();
    AccountId account = AccountWebhookRoutes.requireAllStacks(request);
    WebhookId webhook = AccountWebhookRoutes.id(request);
    return checks(
        request, onResult -> deliveries.check(account, webhook, request.actor(), onResult));
  }

  /// Sends each result when it is known, if the client asks for lines, and else all together.
  private static ApiResponse checks(
      ApiRequest request, Function<Consumer<ReceiverCheck>, List<ReceiverCheck>> check) {
    return ApiResponse.ok(new ChecksJson(request.sendLines(check)));
  }

  record ChecksJson(List<ReceiverCheck> checks) {}

  private static RunState testedState(ApiRequest request) {
    return request.readOptionalBody(fields -> {
      Optional<RunState> parsed = fields.optionalNonNull("state", STATE);
      return fields.build(() -> parsed.orElse(RunState.FINISHED));
    });
  }

  private ApiResponse redeliver(ApiRequest request) {
    request.requireEmptyBody();
    Grant grant = request.grant();
    return accepted(
        deliveries(request)
            .redeliver(grant.account(), grant.stackScope(), id(request), request.actor()));
  }

  private ApiResponse retry(ApiRequest request) {
    request.requireEmptyBody();
    Grant grant = request.grant();
    return accepted(
        deliveries(request)
            .retry(grant.account(), grant.stackScope(), id(request), request.actor()));
  }

  private ApiResponse retryAll(ApiRequest request, StackId stack) {
    request.requireEmptyBody();
    int retried = deliveries(request).retryAll(stack, WebhookRoutes.id(request), request.actor());
    return ApiResponse.of(202, new RetryJson(retried));
  }

  /// @param retried how many deliveries became due
  record RetryJson(int retried) {}

  private static ApiResponse accepted(Delivery delivery) {
    return ApiResponse.of(202, DeliveryJson.of(delivery)).withLocation(DELIVERIES + delivery.id());
  }

  private ApiResponse find(ApiRequest request) {
    DeliveryId id = id(request);
    DeliveryDetails details = deliveries.get(request.grant().account(), id);
    if (!request.grant().stackScope().includes(details.stack().slug())) {
      throw new RefusedException(new NoSuchDelivery(id.toString()));
    }
    return ApiResponse.ok(DeliveryDetailsJson.of(details));
  }

  private ApiResponse attempts(ApiRequest request) {
    Grant grant = request.grant();
    DeliveryId id = id(request);
    return Pagination.respond(
        request.query(),
        page -> deliveries.listAttempts(grant.account(), grant.stackScope(), id, page),
        AttemptJson::of);
  }

  private ApiResponse eraseAll(ApiRequest request) {
    Grant grant = request.grant();
    String account = grant.account().name();
    QueryReader query = request.query();
    boolean dryRun = query.find("dryRun", DeliveryRoutes::bool).orElse(false);
    query.require(
        "confirm",
        text -> dryRun || text.equals(account),
        "must be \"" + account + "\" to erase the payloads of that account for good");
    query.requireValid();
    return ApiResponse.ok(
        erasure.erase(grant.account(), grant.stackScope(), dryRun, request.actor()));
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private ApiResponse eraseRun(ApiRequest request, StackId stack) {
    return ApiResponse.ok(erasure.erase(RunRoutes.id(request, stack), request.actor()));
  }

  static DeliveryId id(ApiRequest request) {
    return request.id("delivery", DeliveryId::new, NoSuchDelivery::new);
  }
}
