package dev.runhook.http.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.idempotency.IdempotentRequests.Request;
import dev.runhook.application.idempotency.IdempotentRequests.Response;
import dev.runhook.application.idempotency.IdempotentRequests.Result;
import dev.runhook.application.idempotency.ResponseCipher;
import dev.runhook.http.json.Json;
import dev.runhook.http.json.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Implements the header `Idempotency-Key`: a POST that repeats a key gets the first response
/// again.
///
/// Responses with status 2xx, 404, 409 or 422 are stored. Other responses release the key.
public final class IdempotencyFilter {
  private static final String HEADER = "Idempotency-Key";
  private static final String REPLAYED = "Idempotent-Replayed";
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final Set<Integer> STORED_ERRORS = Set.of(404, 409, 422);

  private final IdempotentRequests requests;

  public IdempotencyFilter(IdempotentRequests requests) {
    this.requests = requests;
  }

  /// Returns whether the request has the header, valid or not.
  static boolean hasKey(Context context) {
    return context.req().getHeaders(HEADER).hasMoreElements();
  }

  ApiResponse apply(
      Context context, ApiRequest request, Function<IdempotencyScope, ApiResponse> action) {
    Optional<String> key = findKey(context);
    if (key.isEmpty()) {
      return action.apply(IdempotencyScope.none());
    }
    String credential =
        request
            .findCredential()
            .orElseThrow(() ->
                ProblemException.inParameter(
                    HEADER, HEADER + " needs a token, which encrypts the stored response"));
    Request keyed =
        new Request(
            request.findStack(),
            request.keyFingerprint(key.get()),
            request.contentFingerprint(),
            request.grant().token(),
            new ResponseCipher(credential));
    Result result =
        requests.execute(
            keyed,
            scope -> {
              try {
                return stored(action.apply(scope));
              } catch (Exception e) {
                return stored(ProblemMapper.toResponse(e, context));
              }
            });
    ApiResponse response = parse(result.content());
    return result.replayed() ? response.withHeader(REPLAYED, "true") : response;
  }

  private static Optional<String> findKey(Context context) {
    if (!context.method().equals(HandlerType.POST)) {
      return Optional.empty();
    }
    List<String> keys = Collections.list(context.req().getHeaders(HEADER));
    if (keys.size() > 1 || keys.stream().anyMatch(key -> !KEY.matcher(key).matches())) {
      throw ProblemException.inParameter(
          HEADER, HEADER + " must occur once, with 1 to 255 visible ASCII characters");
    }
    return keys.stream().findFirst();
  }

  private static Response stored(ApiResponse response) {
    boolean isCacheable = response.status() < 300 || STORED_ERRORS.contains(response.status());
    return new Response(Json.write(response), isCacheable);
  }

  private static ApiResponse parse(String text) {
    try {
      return Json.UNBOUNDED_MAPPER.readValue(text, ApiResponse.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot parse a stored response", e);
    }
  }
}
