package dev.runhook.http.api;

import dev.runhook.application.access.Access;
import dev.runhook.application.refusal.Refusal.NoSuchDelivery;
import dev.runhook.application.refusal.Refusal.NoSuchStack;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.SseStreams.SseEvent;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.security.Authenticator;
import dev.runhook.http.security.Authenticator.Principal;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// Registers routes together with the role that they require. This is the only way to add a route,
/// so every route except those of [#open] and [#raw] is authorized. A test compares the routes with
/// `openapi.yaml`.
public final class Routes {
  private static final String STACK_PATH = ApiResponse.BASE_PATH + "/stacks/{stack}";

  private final RoutesConfig config;
  private final Access access;
  private final Authenticator authenticator;
  private final SseStreams streams;
  private final IdempotencyFilter idempotency;
  private final RequestScheduler scheduler;
  private final Placement placement;
  private final SharedCapacity<String> memory = RequestMemory.createBudget();

  public Routes(
      RoutesConfig config,
      Access access,
      Authenticator authenticator,
      SseStreams streams,
      IdempotencyFilter idempotency,
      RequestScheduler scheduler,
      Placement placement) {
    this.config = config;
    this.access = access;
    this.authenticator = authenticator;
    this.streams = streams;
    this.idempotency = idempotency;
    this.scheduler = scheduler;
    this.placement = placement;
  }

  /// Adds a route for the caller's account.
  public void account(
      HandlerType method, String path, Role required, Function<ApiRequest, ApiResponse> action) {
    account(method, path, required, action, this::handle);
  }

  /// Adds a route for reports of the caller's account, like [#stackReports].
  public void accountReports(String path, Role required, Function<ApiRequest, ApiResponse> action) {
    account(HandlerType.POST, path, required, action, this::handleReports);
  }

  /// Adds a route whose action waits for a receiver. An account has one such request at a time,
  /// which takes no turn and no thread from others.
  public void accountTests(String path, Role required, Function<ApiRequest, ApiResponse> action) {
    account(HandlerType.POST, path, required, action, this::handleTest);
  }

  private void account(
      HandlerType method,
      String path,
      Role required,
      Function<ApiRequest, ApiResponse> action,
      Handler handler) {
    add(
        method,
        ApiResponse.BASE_PATH + path,
        context -> {
          Principal principal = authenticator.authenticate(context);
          access.authorize(principal.grant(), required);
          return admitted(context, principal, action, handler);
        });
  }

  /// Adds a route for one stack of the caller's account.
  ///
  /// @param path below the stack; empty for the stack itself
  public void stack(
      HandlerType method,
      String path,
      Role required,
      BiFunction<ApiRequest, StackId, ApiResponse> action) {
    stack(method, path, required, action, this::handle);
  }

  /// Adds a route for reports. Concurrent ones share a transaction, so they do not take turns,
  /// except those with an `Idempotency-Key`, which have transactions of their own.
  public void stackReports(
      String path, Role required, BiFunction<ApiRequest, StackId, ApiResponse> action) {
    stack(HandlerType.POST, path, required, action, this::handleReports);
  }

  /// Adds a route whose action waits for a receiver, like [#accountTests].
  public void stackTests(
      String path, Role required, BiFunction<ApiRequest, StackId, ApiResponse> action) {
    stack(HandlerType.POST, path, required, action, this::handleTest);
  }

  private void stack(
      HandlerType method,
      String path,
      Role required,
      BiFunction<ApiRequest, StackId, ApiResponse> action,
      Handler handler) {
    add(
        method,
        STACK_PATH + path,
        context -> {
          Principal principal = authenticator.authenticate(context);
          StackId stack = authorizedStack(principal.grant(), required, context);
          return admitted(context, principal, request -> action.apply(request, stack), handler);
        });
  }

  /// Adds a stream of server-sent events for one stack of the caller's account. The stream ends
  /// when the caller may no longer read it.
  public void sse(
      String path, Role required, BiFunction<ApiRequest, StackId, Supplier<List<SseEvent>>> feed) {
    config.addHttpHandler(
        HandlerType.GET,
        STACK_PATH + path,
        context -> {
          try {
            Principal principal = authenticator.authenticate(context);
            StackId stack = authorizedStack(principal.grant(), required, context);
            ContentNegotiation.requireAcceptable(context, ContentNegotiation.EVENT_STREAM);
            streams.stream(
                context,
                principal.grant(),
                feed.apply(new ApiRequest(context, principal, scheduler), stack),
                () ->
                    authorizedStack(
                        authenticator.authenticate(context).grant(), required, context));
          } catch (Exception e) {
            ProblemMapper.toResponse(e, context).write(context);
          }
        });
    add(
        HandlerType.HEAD,
        STACK_PATH + path,
        context -> {
          authorizedStack(authenticator.authenticate(context).grant(), required, context);
          return ApiResponse.ofText(200, ContentNegotiation.EVENT_STREAM, "");
        });
  }

  /// Adds a public route that returns JSON. Unless its action identifies the caller, it must not
  /// reveal anything confidential.
  ///
  /// @param path the whole path
  public void open(HandlerType method, String path, Function<Context, ApiResponse> action) {
    add(
        method,
        path,
        context -> {
          ContentNegotiation.requireAcceptable(context);
          return action.apply(context);
        });
  }

  /// Adds a public route that returns its own media type, regardless of the `Accept` header.
  public void raw(String path, Supplier<ApiResponse> action) {
    add(HandlerType.GET, path, ignored -> action.get());
  }

  /// Adds a public route that returns content which never changes.
  ///
  /// @param headers replace or supplement [ApiResponse#COMMON_HEADERS]
  public void content(String path, Supplier<StaticContent> content, Map<String, String> headers) {
    config.addHttpHandler(HandlerType.GET, path, context -> content.get().write(context, headers));
    config.addHttpHandler(HandlerType.HEAD, path, context -> content.get().write(context, headers));
  }

  private StackId authorizedStack(Grant grant, Role required, Context context) {
    String slug = context.pathParam("stack");
    try {
      return access.authorize(grant, required, slug);
    } catch (IllegalArgumentException e) {
      if (context.method().equals(HandlerType.PUT)) {
        throw ProblemException.inParameter("stack", String.valueOf(e.getMessage()));
      }
      throw new RefusedException(new NoSuchStack(slug));
    }
  }

  /// Handles a request whose caller is authorized.
  private interface Handler {
    ApiResponse handle(
        Context context, ApiRequest request, Function<ApiRequest, ApiResponse> action);
  }

  private ApiResponse admitted(
      Context context,
      Principal principal,
      Function<ApiRequest, ApiResponse> action,
      Handler handler) {
    ContentNegotiation.requireAcceptable(context);
    ApiRequest request = new ApiRequest(context, principal, scheduler);
    return scheduler.admit(
        principal.grant().account(), context, () -> handler.handle(context, request, action));
  }

  private ApiResponse handle(
      Context context, ApiRequest request, Function<ApiRequest, ApiResponse> action) {
    request.awaitBody();
    return scheduler.act(
        request.grant().account(),
        database(context, request),
        () -> applyIdempotently(context, request, action));
  }

  private int database(Context context, ApiRequest request) {
    if (context.pathParamMap().containsKey("delivery")) {
      return placement.of(request.id("delivery", DeliveryId::new, NoSuchDelivery::new));
    }
    return request.findStack().map(placement::of).orElseGet(placement::ofAccount);
  }

  private ApiResponse handleTest(
      Context context, ApiRequest request, Function<ApiRequest, ApiResponse> action) {
    request.awaitBody();
    return scheduler.test(
        request.grant().account(), () -> applyIdempotently(context, request, action));
  }

  private ApiResponse applyIdempotently(
      Context context, ApiRequest request, Function<ApiRequest, ApiResponse> action) {
    return idempotency.apply(context, request, scope -> action.apply(request.within(scope)));
  }

  private ApiResponse handleReports(
      Context context, ApiRequest request, Function<ApiRequest, ApiResponse> action) {
    return IdempotencyFilter.hasKey(context)
        ? handle(context, request, action)
        : action.apply(request);
  }

  /// Refuses `X-HTTP-Method-Override`, by which Javalin routes a GET as a DELETE.
  private static void requireOwnMethod(Context context) {
    if (!context.method().name().equals(context.req().getMethod())) {
      throw ProblemException.inParameter(
          "X-HTTP-Method-Override",
          "X-HTTP-Method-Override is not supported; send the request with its own method");
    }
  }

  private void add(HandlerType method, String path, Function<Context, ApiResponse> action) {
    config.addHttpHandler(
        method,
        path,
        context -> {
          RequestMemory opened = RequestMemory.open(memory, context);
          try (opened) {
            requireOwnMethod(context);
            action.apply(context).write(context);
          } catch (Exception e) {
            ProblemMapper.toResponse(e, context).write(context);
          }
        });
    if (method.equals(HandlerType.GET)) {
      // by default, Javalin responds to every HEAD request with 200, without authentication
      add(HandlerType.HEAD, path, action);
    }
  }
}
