package dev.runhook.http.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.runhook.application.idempotency.IdempotentRequest;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.idempotency.IdempotentRequests.Response;
import dev.runhook.application.idempotency.IdempotentRequests.Result;
import dev.runhook.application.idempotency.ResponseCipher;
import dev.runhook.http.json.Json;
import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `Idempotency-Key`: a POST that is sent again with its key is told the first answer.
///
/// An answer is the last word where something was done, and where what was asked for makes sense
/// but cannot be had. Mistakes in the request itself, and failures of ours, leave the key free.
public final class IdempotencyFilter {
  private static final String HEADER = "Idempotency-Key";
  private static final String REPLAYED = "Idempotent-Replayed";
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final Set<Integer> LASTING_REFUSALS = Set.of(404, 409, 422);

  private final IdempotentRequests idempotentRequests;
  private final ProblemMapper problemMapper;

  /// An answer as it is kept.
  record StoredResponse(
      int status, Map<String, String> headers, @Nullable String mediaType, @Nullable String text) {
    ApiResponse toResponse() {
      return new ApiResponse(
          status,
          headers,
          mediaType == null || text == null
              ? Optional.empty()
              : Optional.of(new ApiResponse.Content(mediaType, text)));
    }
  }

  public IdempotencyFilter(IdempotentRequests repeats, ProblemMapper problems) {
    this.idempotentRequests = repeats;
    this.problemMapper = problems;
  }

  ApiResponse apply(Context context, ApiRequest apiRequest, Supplier<ApiResponse> action) {
    Optional<String> key = key(context);
    if (key.isEmpty()) {
      return action.get();
    }
    IdempotentRequest request =
        new IdempotentRequest(
            apiRequest.keyFingerprint(key.get()),
            apiRequest.contentFingerprint(),
            apiRequest.grant().token(),
            new ResponseCipher(apiRequest.credential()));
    Result result = idempotentRequests.execute(request, () -> reply(handled(context, action)));
    ApiResponse apiResponse = read(result.content());
    return result.replayed() ? apiResponse.withHeader(REPLAYED, "true") : apiResponse;
  }

  private static Optional<String> key(Context context) {
    if (!context.method().equals(HandlerType.POST)) {
      return Optional.empty();
    }
    List<String> given = Collections.list(context.req().getHeaders(HEADER));
    if (given.size() > 1 || given.stream().anyMatch(key -> !KEY.matcher(key).matches())) {
      throw ProblemException.validationError(
          Problem.FieldError.inParameter(
              HEADER, HEADER + " must be there once, with 1 to 255 visible ASCII characters"));
    }
    return given.stream().findFirst();
  }

  private ApiResponse handled(Context context, Supplier<ApiResponse> action) {
    try {
      return action.get();
    } catch (Exception e) {
      return problemMapper.toResponse(e, context);
    }
  }

  private static Response reply(ApiResponse apiResponse) {
    boolean lasting = apiResponse.status() < 300 || LASTING_REFUSALS.contains(apiResponse.status());
    Optional<ApiResponse.Content> content = apiResponse.content();
    StoredResponse storedResponse =
        new StoredResponse(
            apiResponse.status(),
            apiResponse.headers(),
            content.map(ApiResponse.Content::mediaType).orElse(null),
            content.map(ApiResponse.Content::text).orElse(null));
    return new Response(Json.write(storedResponse), lasting);
  }

  private static ApiResponse read(String text) {
    try {
      return Json.UNBOUNDED_MAPPER.readValue(text, StoredResponse.class).toResponse();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a kept answer cannot be read", e);
    }
  }
}
