package dev.runhook.outbound.payload;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.runhook.application.spi.JsonReserializer;
import dev.runhook.domain.diagnosis.ReserializedBody;
import dev.runhook.domain.event.Payload;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Writes JSON as the libraries of other languages do. Bodies over 1 MiB and 64 levels are left
/// alone, and no style makes more than four times the body of it. Thread-safe.
public final class JacksonReserializer implements JsonReserializer {
  private static final int LARGEST_BODY = 1024 * 1024;
  private static final int DEEPEST = 64;
  private static final int GROWTH = 4;
  private static final int SMALL = 4096;
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private final JsonMapper json =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(DEEPEST)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  @Override
  public Stream<ReserializedBody> reserialize(Payload body) {
    Optional<JsonNode> tree = body.length() > LARGEST_BODY ? Optional.empty() : parsed(body);
    Set<Payload> seen = new HashSet<>(Set.of(body));
    return tree.stream()
        .flatMap(value -> JsonDialect.ALL.stream().map(style -> written(value, style, body)))
        .flatMap(Optional::stream)
        .filter(reserializedBody -> seen.add(reserializedBody.body()));
  }

  private Optional<JsonNode> parsed(Payload body) {
    String text = body.text();
    try {
      JsonNode value = json.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
      return value.isContainerNode() ? Optional.of(value) : Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }

  private static Optional<ReserializedBody> written(
      JsonNode value, JsonDialect style, Payload body) {
    StringBuilder text = new StringBuilder();
    int most = SMALL + GROWTH * body.length();
    return new JsonDialectWriter(style, text, most).write(value)
        ? Optional.of(
            new ReserializedBody(
                style.description(), Payload.of(text.toString().getBytes(StandardCharsets.UTF_8))))
        : Optional.empty();
  }
}
