package dev.runhook.http.api;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.SessionKey;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.WebSession;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.text.Fingerprint;
import dev.runhook.http.json.Json;
import dev.runhook.http.json.JsonBodyReader;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.security.Authenticator.Principal;
import dev.runhook.http.security.SessionCookie;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An authenticated and authorized request.
public final class ApiRequest {
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private final Context context;
  private final Principal principal;
  private final RequestScheduler scheduler;
  private final IdempotencyScope scope;
  private byte @Nullable [] body;

  ApiRequest(Context context, Principal principal, RequestScheduler scheduler) {
    this(context, principal, scheduler, IdempotencyScope.none());
  }

  private ApiRequest(
      Context context, Principal principal, RequestScheduler scheduler, IdempotencyScope scope) {
    this.context = context;
    this.principal = principal;
    this.scheduler = scheduler;
    this.scope = scope;
  }

  ApiRequest within(IdempotencyScope scope) {
    ApiRequest scoped = new ApiRequest(context, principal, scheduler, scope);
    scoped.body = body;
    return scoped;
  }

  /// Returns the scope in which a POST must call its use case.
  public IdempotencyScope scope() {
    return scope;
  }

  public Grant grant() {
    return principal.grant();
  }

  /// Returns the web session of the request; empty for a token or a user of the host.
  public Optional<WebSession> findSession() {
    return principal.session();
  }

  /// Returns whether the resource that the request changes is the one that the caller has read.
  public boolean allowsChangeOf(ETag current) {
    String ifMatch = context.header("If-Match");
    return ifMatch == null || current.matches(ifMatch);
  }

  /// Returns whether `If-Match` allows the request to create a resource, which has no ETag yet.
  public boolean allowsCreation() {
    return context.header("If-Match") == null;
  }

  /// Returns the id of the last event that the client of a stream received.
  public Optional<String> findLastEventId() {
    return Optional.ofNullable(context.header("Last-Event-ID"));
  }

  /// Returns the key of the web session; empty for a token or a user of the host.
  public Optional<String> findSessionKey() {
    return findSession()
        .flatMap(session ->
            SessionCookie.findKeys(context).stream()
                .filter(key ->
                    SessionKey.parse(key)
                        .map(SessionKey::id)
                        .filter(session.id()::equals)
                        .isPresent())
                .findFirst());
  }

  /// Returns the secret that the caller sent: a token or the key of a session. A user of the host
  /// has none.
  Optional<String> findCredential() {
    return findSessionKey().or(principal::token);
  }

  /// Returns the value of `Set-Cookie` that removes the session cookie.
  public String expiredSessionCookie() {
    return SessionCookie.expire(context);
  }

  /// Runs an action that returns parts of its result early. If the client asks for lines of JSON,
  /// each part is sent as one as soon as it is there, and the result is not sent.
  public <P, R> R sendLines(Function<Consumer<P>, R> action) {
    return ContentNegotiation.asksForLines(context)
        ? JsonLines.send(context, scheduler, action)
        : action.apply(ignored -> {});
  }

  public Actor actor() {
    return Actor.of(grant());
  }

  public String pathParameter(String name) {
    return context.pathParam(name);
  }

  /// Returns the stack in the path; empty if the route has none.
  Optional<StackId> findStack() {
    return Optional.ofNullable(context.pathParamMap().get("stack"))
        .map(slug -> new StackId(grant().account(), slug));
  }

  /// Returns the id in the path.
  ///
  /// @param missing creates the refusal for a string that is not a UUID in canonical form
  /// @throws RefusedException if the string is not such a UUID
  public <T> T id(String parameter, Function<UUID, T> id, Function<String, Refusal> missing) {
    String text = pathParameter(parameter);
    try {
      UUID uuid = UUID.fromString(text);
      if (uuid.toString().equalsIgnoreCase(text)) {
        return id.apply(uuid);
      }
    } catch (IllegalArgumentException ignored) {
      // refused below, like an id in another form
    }
    throw new RefusedException(missing.apply(text));
  }

  /// Returns the caller's trace context; empty if it is missing or invalid.
  public Optional<TraceContext> findTrace() {
    List<String> parents = headers("traceparent");
    return parents.size() == 1
        ? TraceContext.parse(parents.getFirst(), String.join(",", headers("tracestate")))
        : Optional.empty();
  }

  private List<String> headers(String name) {
    return Collections.list(context.req().getHeaders(name));
  }

  public QueryReader query() {
    // Javalin drops parameters that it cannot decode, and a dropped filter would return too much
    if (BROKEN_ESCAPE.matcher(String.valueOf(context.queryString())).find()) {
      throw ProblemException.inParameter(
          "query", "the query has a % without two hexadecimal digits after it; escape it as %25");
    }
    return new QueryReader(context.queryParamMap());
  }

  /// Reads the parameter `stack` of a list of the account, and returns the stacks whose items the
  /// caller may see.
  public StackScope findStackScope(QueryReader query) {
    StackScope granted = grant().stackScope();
    return query
        .find("stack", slug -> new StackId(grant().account(), slug).slug())
        .map(granted::restrictedTo)
        .orElse(granted);
  }

  /// Decodes the body.
  ///
  /// @throws dev.runhook.http.json.ProblemException with all errors, if the body is invalid
  public <T> T readBody(Function<JsonObjectReader, Optional<T>> fields) {
    byte[] json = json(context, bytes());
    return process(() -> JsonBodyReader.readObject(json, fields));
  }

  /// Decodes a body that may be omitted or null, which counts as an empty object.
  public <T> T readOptionalBody(Function<JsonObjectReader, Optional<T>> fields) {
    byte[] json = json(context, bytes());
    return process(() -> JsonBodyReader.readOptionalObject(json, fields));
  }

  /// Waits until the body has arrived, which must not have more than `maxBytes` bytes.
  public void awaitBody(int maxBytes) {
    if (bytes(maxBytes).length > maxBytes) {
      throw JsonBodyReader.tooLarge(maxBytes);
    }
  }

  /// Decodes the body of a request without a token.
  public static <T> T readBody(
      Context context, int maxBytes, Function<JsonObjectReader, Optional<T>> fields) {
    return JsonBodyReader.readObject(readJson(context, maxBytes), fields);
  }

  /// Returns the body of a request without a token, which must be declared as JSON.
  public static byte[] readJson(Context context, int maxBytes) {
    return json(context, bytes(context, maxBytes));
  }

  private static byte[] json(Context context, byte[] bytes) {
    if (bytes.length > 0) {
      ContentNegotiation.requireJson(context);
    }
    return bytes;
  }

  /// Decodes the body as an array.
  public <T> List<T> readItems(int maxItems, Function<JsonBodyReader.Item, T> decode) {
    byte[] json = json(context, bytes());
    return process(() -> JsonBodyReader.readItems(json, maxItems).stream().map(decode).toList());
  }

  /// Runs work whose time depends on the length of the body.
  public <T> T process(Supplier<T> work) {
    return scheduler.process(bytes(), work);
  }

  /// Maps the failure of a part of this request.
  public Problem toProblem(Exception failure) {
    return ProblemMapper.toProblem(failure, context);
  }

  /// Waits until the body has arrived.
  void awaitBody() {
    if (!context.method().equals(HandlerType.GET) && !context.method().equals(HandlerType.HEAD)) {
      bytes();
    }
  }

  /// Requires that the body is absent, null or an empty object.
  public void requireEmptyBody() {
    readOptionalBody(fields -> fields.build(() -> true));
  }

  /// Returns a fingerprint of the account, the method, the path and the caller's key.
  Fingerprint keyFingerprint(String key) {
    String path = context.path().substring(context.contextPath().length());
    return Fingerprint.of(grant().account().name(), context.method().name(), path, key);
  }

  /// Returns a fingerprint of the body, its media type and the query.
  Fingerprint contentFingerprint() {
    return Fingerprint.of(
        process(() -> Fingerprint.of(bytes()).hex()),
        String.valueOf(context.queryString()),
        String.valueOf(context.header("Content-Type")));
  }

  private byte[] bytes() {
    return bytes(Json.MAX_BYTES);
  }

  private byte[] bytes(int maxBytes) {
    if (body == null) {
      body = bytes(context, maxBytes);
    }
    return body;
  }

  private static byte[] bytes(Context context, int maxBytes) {
    return JsonBodyReader.readBytes(
        context.bodyInputStream(),
        context.req().getContentLengthLong(),
        maxBytes,
        RequestMemory.of(context)::addBody);
  }
}
