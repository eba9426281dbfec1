package dev.runhook.http;

import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.Access;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.Bearers.Bearer;
import dev.runhook.http.EventStreams.Message;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// The one way to add a route: with the role that it needs, so that none can be had without a
/// fitting token, [#open] ones apart. Each is described in `openapi.yaml`; a test compares both.
final class Routes {
  private final RoutesConfig config;
  private final Access access;
  private final Bearers bearers;
  private final EventStreams streams;
  private final Problems problems;
  private final Repeating repeating;

  Routes(RoutesConfig config, Access access, Doors doors) {
    this.config = config;
    this.access = access;
    this.bearers = doors.bearers();
    this.streams = doors.streams();
    this.problems = doors.problems();
    this.repeating = doors.repeating();
  }

  /// What each request passes on its way in and out.
  record Doors(Bearers bearers, EventStreams streams, Repeating repeating, Problems problems) {}

  /// A route within the bearer's account.
  void account(HandlerType method, String path, Role needed, Function<Call, Answer> action) {
    add(
        method,
        HttpApi.BASE + path,
        context -> {
          Bearer bearer = bearers.of(context);
          access.permit(bearer.grant(), needed);
          Call call = new Call(context, bearer, problems);
          return once(context, call, () -> action.apply(call));
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
          Bearer bearer = bearers.of(context);
          StackId stack = permitted(bearer.grant(), needed, context);
          Call call = new Call(context, bearer, problems);
          return once(context, call, () -> action.apply(call, stack));
        });
  }

  /// A stream of what changes within one stack of the bearer's account, for as long as the bearer
  /// may see it.
  void events(String path, Role needed, BiFunction<Call, StackId, Supplier<List<Message>>> feed) {
    String whole = HttpApi.BASE + "/stacks/{stack}" + path;
    config.addHttpHandler(
        HandlerType.GET,
        whole,
        context -> {
          try {
            Bearer bearer = bearers.of(context);
            StackId stack = permitted(bearer.grant(), needed, context);
            Media.requireAcceptable(context, Media.EVENTS);
            streams.write(
                context,
                bearer.grant().token(),
                feed.apply(new Call(context, bearer, problems), stack),
                () -> permitted(bearers.of(context).grant(), needed, context));
          } catch (Exception e) {
            problems.answer(e, context).write(context);
          }
        });
    config.addHttpHandler(
        HandlerType.HEAD,
        whole,
        context ->
            answered(
                    context,
                    asked -> {
                      permitted(bearers.of(asked).grant(), needed, asked);
                      return Answer.showing(200, new Answer.Content(Media.EVENTS, ""));
                    })
                .write(context));
  }

  /// A route of the API for whoever has yet to say who they are.
  void guest(HandlerType method, String path, Function<Context, Answer> action) {
    add(method, HttpApi.BASE + path, context -> acceptable(context, () -> action.apply(context)));
  }

  /// A route for anybody, that tells nothing which not anybody may know.
  void open(String path, Supplier<Answer> action) {
    add(HandlerType.GET, path, context -> acceptable(context, action));
  }

  /// The same for what is no JSON, whatever the caller accepts.
  void document(String path, Supplier<Answer> action) {
    add(HandlerType.GET, path, _ -> action.get());
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

  private Answer once(Context context, Call call, Supplier<Answer> action) {
    return acceptable(context, () -> repeating.answer(context, call, action));
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
}
