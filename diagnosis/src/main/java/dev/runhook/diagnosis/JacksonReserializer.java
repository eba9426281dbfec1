package dev.runhook.diagnosis;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.runhook.diagnosis.Diagnosis.ReserializedBody;
import dev.runhook.domain.event.Payload;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reserializes JSON the way common libraries of other languages do. Skips bodies above 1 MiB or 64
/// levels, and results above about four times the size of the body. Thread-safe.
final class JacksonReserializer {
  private static final int MAX_BODY_BYTES = 1024 * 1024;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_DIGITS = 64;
  private static final int MAX_GROWTH = 4;
  private static final int MIN_LENGTH_LIMIT = 4096;
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxNumberLength(MAX_DIGITS)
          .build();

  private final JsonMapper json =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(LIMITS).build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /// Returns variants of the body, the likeliest first, each computed on demand. None is equal to
  /// the body. The stream is empty if the body is not JSON or is too large.
  Stream<ReserializedBody> reserialize(Payload body) {
    Optional<JsonNode> tree = body.length() > MAX_BODY_BYTES ? Optional.empty() : parse(body);
    Set<Payload> seen = new HashSet<>(Set.of(body));
    return tree.stream()
        .flatMap(value -> JsonDialect.ALL.stream().map(dialect -> write(value, dialect, body)))
        .flatMap(Optional::stream)
        .filter(result -> seen.add(result.body()));
  }

  private Optional<JsonNode> parse(Payload body) {
    String text = body.text();
    try {
      JsonNode value = json.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
      return value.isContainerNode() ? Optional.of(value) : Optional.empty();
    } catch (JacksonException ignored) {
      return Optional.empty();
    }
  }

  private static Optional<ReserializedBody> write(
      JsonNode value, JsonDialect dialect, Payload body) {
    int maxLength = MIN_LENGTH_LIMIT + MAX_GROWTH * body.length();
    return JsonDialectWriter.write(value, dialect, maxLength)
        .map(text -> new ReserializedBody(dialect.description(), Payload.of(text)));
  }
}
