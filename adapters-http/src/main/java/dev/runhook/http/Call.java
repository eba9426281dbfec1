package dev.runhook.http;

import dev.runhook.application.Actor;
import dev.runhook.application.Fingerprint;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.PageSession;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.http.Bearers.Bearer;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One request whose bearer may make it.
final class Call {
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private final Context context;
  private final Bearer bearer;
  private final Problems problems;
  private byte @Nullable [] body;

  Call(Context context, Bearer bearer, Problems problems) {
    this.context = context;
    this.bearer = bearer;
    this.problems = problems;
  }

  Grant grant() {
    return bearer.grant();
  }

  /// The session at the page that it is made in; absent where a token is shown.
  Optional<PageSession> session() {
    return bearer.session();
  }

  /// The id of the event that the reader of a stream has seen last.
  Optional<String> lastEvent() {
    return Optional.ofNullable(context.header("Last-Event-ID"));
  }

  /// The key of that session.
  Optional<String> sessionKey() {
    return session().flatMap(_ -> SessionCookie.keyIn(context));
  }

  /// What the caller showed: the text of a token, or the key of a session.
  String credential() {
    return sessionKey().orElseGet(() -> Bearers.token(context));
  }

  /// The value of `Set-Cookie` by which the browser forgets it.
  String forgottenSession() {
    return SessionCookie.without(context);
  }

  Actor actor() {
    return Actor.of(grant());
  }

  String path(String parameter) {
    return context.pathParam(parameter);
  }

  /// The id in the path, if it is one in its usual form.
  Optional<UUID> findId(String parameter) {
    String text = path(parameter);
    try {
      return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equalsIgnoreCase(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// The span that the caller asks in, if it tells one well.
  Optional<TraceContext> findTrace() {
    List<String> parents = headers("traceparent");
    return parents.size() == 1
        ? TraceContext.parse(parents.getFirst(), String.join(",", headers("tracestate")))
        : Optional.empty();
  }

  private List<String> headers(String name) {
    return Collections.list(context.req().getHeaders(name));
  }

  Parameters parameters() {
    // Javalin leaves out what it cannot decode; a filter that is left out would answer more than
    // was asked for
    if (BROKEN_ESCAPE.matcher(String.valueOf(context.queryString())).find()) {
      throw ProblemException.badInput(
          Problem.Mistake.in(
              "query", "the query has a % that no two hexadecimal digits follow; write it as %25"));
    }
    return new Parameters(context.queryParamMap());
  }

  /// What the body says; ends the request with all that is wrong with it.
  <T> T body(Function<Fields, Optional<T>> reading) {
    return read(context, bytes(), reading);
  }

  static <T> T body(Context context, Function<Fields, Optional<T>> reading) {
    return read(context, Bodies.bytes(context.bodyInputStream()), reading);
  }

  private static <T> T read(Context context, byte[] bytes, Function<Fields, Optional<T>> reading) {
    if (bytes.length > 0) {
      Media.requireJson(context);
    }
    return read(bytes, reading);
  }

  /// The items of an array; an array that is none, or too long, ends the request.
  List<Bodies.Item> items(int most) {
    byte[] bytes = bytes();
    if (bytes.length > 0) {
      Media.requireJson(context);
    }
    return Bodies.items(bytes, most);
  }

  /// What a failure is to the caller, where it is not that of the whole request.
  Problem problem(Exception failure) {
    return problems.problem(failure, context);
  }

  /// For a request that has nothing to say: no body, or an empty object.
  void requireNothingSaid() {
    byte[] bytes = bytes();
    if (bytes.length > 0) {
      Media.requireJson(context);
      read(bytes, fields -> fields.make(() -> true));
    }
  }

  /// Of the account, what is called, and a key of the caller's: the same for the same request
  /// again.
  Fingerprint fingerprint(String key) {
    String path = context.path().substring(context.contextPath().length());
    return Fingerprint.of(grant().account().name(), context.method().name(), path, key);
  }

  /// Of all that the request says besides.
  Fingerprint contentFingerprint() {
    return Fingerprint.of(
        Fingerprint.of(bytes()).hex(),
        String.valueOf(context.queryString()),
        String.valueOf(context.header("Content-Type")));
  }

  private byte[] bytes() {
    byte[] read = body;
    if (read == null) {
      read = Bodies.bytes(context.bodyInputStream());
      body = read;
    }
    return read;
  }

  private static <T> T read(byte[] bytes, Function<Fields, Optional<T>> reading) {
    Place root = Place.root();
    Optional<T> read = Form.object(reading).read(Bodies.object(bytes, root), root);
    root.requireNoMistakes();
    return read.orElseThrow(() -> new IllegalStateException("a body is neither read nor wrong"));
  }
}
