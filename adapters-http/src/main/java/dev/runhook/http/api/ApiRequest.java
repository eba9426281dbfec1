package dev.runhook.http.api;

import dev.runhook.application.Actor;
import dev.runhook.application.Fingerprint;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.WebSession;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.FieldPath;
import dev.runhook.http.json.JsonBodyReader;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.json.QueryReader;
import dev.runhook.http.security.Authenticator;
import dev.runhook.http.security.Authenticator.Principal;
import dev.runhook.http.security.SessionCookie;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One request whose bearer may make it.
public final class ApiRequest {
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private final Context context;
  private final Principal principal;
  private final ProblemMapper problemMapper;
  private byte @Nullable [] readBody;

  ApiRequest(Context context, Principal bearer, ProblemMapper problems) {
    this.context = context;
    this.principal = bearer;
    this.problemMapper = problems;
  }

  public Grant grant() {
    return principal.grant();
  }

  /// The session at the page that it is made in; absent where a token is shown.
  public Optional<WebSession> findSession() {
    return principal.session();
  }

  /// The id of the event that the reader of a stream has seen last.
  public Optional<String> findLastEventId() {
    return Optional.ofNullable(context.header("Last-Event-ID"));
  }

  /// The key of that session.
  public Optional<String> findSessionKey() {
    return findSession().flatMap(_ -> SessionCookie.findKey(context));
  }

  /// What the caller showed: the text of a token, or the key of a session.
  String credential() {
    return findSessionKey().orElseGet(() -> Authenticator.bearerToken(context));
  }

  /// The value of `Set-Cookie` by which the browser forgets it.
  public String expiredSessionCookie() {
    return SessionCookie.expire(context);
  }

  public Actor actor() {
    return Actor.of(grant());
  }

  public String pathParameter(String parameter) {
    return context.pathParam(parameter);
  }

  /// The id in the path, if it is one in its usual form.
  public Optional<UUID> findId(String parameter) {
    String text = pathParameter(parameter);
    try {
      return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equalsIgnoreCase(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// The span that the caller asks in, if it tells one well.
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
    // Javalin leaves out what it cannot decode; a filter that is left out would answer more than
    // was asked for
    if (BROKEN_ESCAPE.matcher(String.valueOf(context.queryString())).find()) {
      throw ProblemException.validationError(
          Problem.FieldError.inParameter(
              "query", "the query has a % that no two hexadecimal digits follow; write it as %25"));
    }
    return new QueryReader(context.queryParamMap());
  }

  /// What the body says; ends the request with all that is wrong with it.
  public <T> T readBody(Function<JsonObjectReader, Optional<T>> reading) {
    return read(context, bytes(), reading);
  }

  public static <T> T readBody(Context context, Function<JsonObjectReader, Optional<T>> reading) {
    return read(context, JsonBodyReader.readBytes(context.bodyInputStream()), reading);
  }

  private static <T> T read(
      Context context, byte[] bytes, Function<JsonObjectReader, Optional<T>> reading) {
    if (bytes.length > 0) {
      ContentNegotiation.requireJson(context);
    }
    return read(bytes, reading);
  }

  /// The items of an array; an array that is none, or too long, ends the request.
  public List<JsonBodyReader.Item> readItems(int most) {
    byte[] bytes = bytes();
    if (bytes.length > 0) {
      ContentNegotiation.requireJson(context);
    }
    return JsonBodyReader.parseItems(bytes, most);
  }

  /// What a failure is to the caller, where it is not that of the whole request.
  public Problem toProblem(Exception failure) {
    return problemMapper.toProblem(failure, context);
  }

  /// For a request that has nothing to say: no body, or an empty object.
  public void requireEmptyBody() {
    byte[] bytes = bytes();
    if (bytes.length > 0) {
      ContentNegotiation.requireJson(context);
      read(bytes, jsonObjectReader -> jsonObjectReader.build(() -> true));
    }
  }

  /// Of the account, what is called, and a key of the caller's: the same for the same request
  /// again.
  Fingerprint keyFingerprint(String key) {
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
    byte[] read = readBody;
    if (read == null) {
      read = JsonBodyReader.readBytes(context.bodyInputStream());
      readBody = read;
    }
    return read;
  }

  private static <T> T read(byte[] bytes, Function<JsonObjectReader, Optional<T>> reading) {
    FieldPath root = FieldPath.root();
    Optional<T> read =
        Decoder.object(reading).decode(JsonBodyReader.parseObject(bytes, root), root);
    root.requireValid();
    return read.orElseThrow(() -> new IllegalStateException("a body is neither read nor wrong"));
  }
}
