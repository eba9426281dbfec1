package dev.runhook.http;

import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.Access;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.StackId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// The one way to add a route: with the role that it needs, so that none can be had without a
/// fitting token, [#open] ones apart. Each is described in `openapi.yaml`; a test compares both.
final class Routes {
  private static final String SCHEME = "bearer ";

  private final RoutesConfig config;
  private final Access access;
  private final Problems problems;

  Routes(RoutesConfig config, Access access, Problems problems) {
    this.config = config;
    this.access = access;
    this.problems = problems;
  }

  /// A route within the bearer's account.
  void account(HandlerType method, String path, Role needed, Function<Call, Answer> action) {
    add(
        method,
        HttpApi.BASE + path,
        context -> {
          Grant grant = bearer(context);
          access.permit(grant, needed);
          return acceptable(context, () -> action.apply(new Call(context, grant)));
        });
  }

  /// A route within one stack of the bearer's account.
  ///
  /// @param path below the stack; empty for the stack itself
  void stack(
      HandlerType method, String path, Role needed, BiFunction<Call, StackId, Answer> action) {
    add(
        method,
        HttpApi.BASE + "/stacks/{stack}" + path,
        context -> {
          Grant grant = bearer(context);
          StackId stack = permitted(grant, needed, context);
          return acceptable(context, () -> action.apply(new Call(context, grant), stack));
        });
  }

  /// A route for anybody, that tells nothing which not anybody may know.
  void open(String path, Supplier<Answer> action) {
    add(HandlerType.GET, path, context -> acceptable(context, action));
  }

  /// The same for what is no JSON, whatever the caller accepts.
  void document(String path, Supplier<Answer> action) {
    add(HandlerType.GET, path, _ -> action.get());
  }

  private Grant bearer(Context context) {
    return access.authenticate(token(context), Origin.of(context));
  }

  private StackId permitted(Grant grant, Role needed, Context context) {
    String slug = context.pathParam("stack");
    try {
      return access.permit(grant, needed, slug);
    } catch (IllegalArgumentException e) {
      if (context.method().equals(HandlerType.PUT)) {
        throw ProblemException.badInput(
            Problem.Mistake.in("stack", String.valueOf(e.getMessage())));
      }
      throw new RefusedException(new NoSuchStack(slug));
    }
  }

  private static Answer acceptable(Context context, Supplier<Answer> action) {
    Media.requireAcceptable(context);
    return action.get();
  }

  private void add(HandlerType method, String path, Function<Context, Answer> action) {
    config.addHttpHandler(method, path, context -> answered(context, action).write(context));
    if (method.equals(HandlerType.GET)) {
      // Javalin would answer HEAD with 200 by itself, whoever asks
      config.addHttpHandler(
          HandlerType.HEAD, path, context -> answered(context, action).write(context));
    }
  }

  private Answer answered(Context context, Function<Context, Answer> action) {
    try {
      return action.apply(context);
    } catch (Exception e) {
      return problems.answer(e, context);
    }
  }

  private static String token(Context context) {
    List<String> headers = Collections.list(context.req().getHeaders("Authorization"));
    if (headers.size() != 1 || !headers.getFirst().toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw new RefusedException(new NotAuthenticated());
    }
    return headers.getFirst().substring(SCHEME.length()).strip();
  }
}
