package dev.runhook.http.api;

import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.Access;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.SseStreams.SseEvent;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.security.Authenticator;
import dev.runhook.http.security.Authenticator.Principal;
import dev.runhook.http.server.HttpApi;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// The one way to add a route: with the role that it needs, so that none can be had without a
/// fitting token, [#open] ones apart. Each is described in `openapi.yaml`; a test compares both.
public final class Routes {
  private final RoutesConfig config;
  private final Access access;
  private final Authenticator authenticator;
  private final SseStreams streams;
  private final ProblemMapper problemMapper;
  private final IdempotencyFilter idempotencyFilter;

  public Routes(RoutesConfig config, Access access, Filters filters) {
    this.config = config;
    this.access = access;
    this.authenticator = filters.authenticator();
    this.streams = filters.streams();
    this.problemMapper = filters.problems();
    this.idempotencyFilter = filters.idempotency();
  }

  /// What each request passes on its way in and out.
  public record Filters(
      Authenticator authenticator,
      SseStreams streams,
      IdempotencyFilter idempotency,
      ProblemMapper problems) {}

  /// A route within the bearer's account.
  public void account(
      HandlerType method, String path, Role needed, Function<ApiRequest, ApiResponse> action) {
    add(
        method,
        HttpApi.BASE_PATH + path,
        context -> {
          Principal principal = authenticator.authenticate(context);
          access.authorize(principal.grant(), needed);
          ApiRequest apiRequest = new ApiRequest(context, principal, problemMapper);
          return once(context, apiRequest, () -> action.apply(apiRequest));
        });
  }

  /// A route within one stack of the bearer's account.
  ///
  /// @param path below the stack; empty for the stack itself
  public void stack(
      HandlerType method,
      String path,
      Role needed,
      BiFunction<ApiRequest, StackId, ApiResponse> action) {
    add(
        method,
        HttpApi.BASE_PATH + "/stacks/{stack}" + path,
        context -> {
          Principal principal = authenticator.authenticate(context);
          StackId stack = permitted(principal.grant(), needed, context);
          ApiRequest apiRequest = new ApiRequest(context, principal, problemMapper);
          return once(context, apiRequest, () -> action.apply(apiRequest, stack));
        });
  }

  /// A stream of what changes within one stack of the bearer's account, for as long as the bearer
  /// may see it.
  public void sse(
      String path, Role needed, BiFunction<ApiRequest, StackId, Supplier<List<SseEvent>>> feed) {
    String whole = HttpApi.BASE_PATH + "/stacks/{stack}" + path;
    config.addHttpHandler(
        HandlerType.GET,
        whole,
        context -> {
          try {
            Principal principal = authenticator.authenticate(context);
            StackId stack = permitted(principal.grant(), needed, context);
            ContentNegotiation.requireAcceptable(context, ContentNegotiation.EVENT_STREAM);
            streams.stream(
                context,
                principal.grant().token(),
                feed.apply(new ApiRequest(context, principal, problemMapper), stack),
                () -> permitted(authenticator.authenticate(context).grant(), needed, context));
          } catch (Exception e) {
            problemMapper.toResponse(e, context).write(context);
          }
        });
    config.addHttpHandler(
        HandlerType.HEAD,
        whole,
        context ->
            answered(
                    context,
                    asked -> {
                      permitted(authenticator.authenticate(asked).grant(), needed, asked);
                      return ApiResponse.ofContent(
                          200, new ApiResponse.Content(ContentNegotiation.EVENT_STREAM, ""));
                    })
                .write(context));
  }

  /// A route of the API for whoever has yet to say who they are.
  public void unauthenticated(
      HandlerType method, String path, Function<Context, ApiResponse> action) {
    add(
        method,
        HttpApi.BASE_PATH + path,
        context -> acceptable(context, () -> action.apply(context)));
  }

  /// A route for anybody, that tells nothing which not anybody may know.
  public void open(String path, Supplier<ApiResponse> action) {
    add(HandlerType.GET, path, context -> acceptable(context, action));
  }

  /// The same for what is no JSON, whatever the caller accepts.
  public void raw(String path, Supplier<ApiResponse> action) {
    add(HandlerType.GET, path, _ -> action.get());
  }

  private StackId permitted(Grant grant, Role needed, Context context) {
    String slug = context.pathParam("stack");
    try {
      return access.authorize(grant, needed, slug);
    } catch (IllegalArgumentException e) {
      if (context.method().equals(HandlerType.PUT)) {
        throw ProblemException.validationError(
            Problem.FieldError.inParameter("stack", String.valueOf(e.getMessage())));
      }
      throw new RefusedException(new NoSuchStack(slug));
    }
  }

  private ApiResponse once(Context context, ApiRequest apiRequest, Supplier<ApiResponse> action) {
    return acceptable(context, () -> idempotencyFilter.apply(context, apiRequest, action));
  }

  private static ApiResponse acceptable(Context context, Supplier<ApiResponse> action) {
    ContentNegotiation.requireAcceptable(context);
    return action.get();
  }

  private void add(HandlerType method, String path, Function<Context, ApiResponse> action) {
    config.addHttpHandler(method, path, context -> answered(context, action).write(context));
    if (method.equals(HandlerType.GET)) {
      // Javalin would answer HEAD with 200 by itself, whoever asks
      config.addHttpHandler(
          HandlerType.HEAD, path, context -> answered(context, action).write(context));
    }
  }

  private ApiResponse answered(Context context, Function<Context, ApiResponse> action) {
    try {
      return action.apply(context);
    } catch (Exception e) {
      return problemMapper.toResponse(e, context);
    }
  }
}
