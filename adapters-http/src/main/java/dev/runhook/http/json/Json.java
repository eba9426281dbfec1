package dev.runhook.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.runhook.domain.run.StackId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The JSON format of the API. Objects list the components of a record in order, an absent value is
/// null, times follow [Rfc3339], and durations follow ISO 8601. Parsing is bounded in depth and
/// length.
public final class Json {
  /// The maximum size of a request body.
  public static final int MAX_BYTES = 1024 * 1024;

  static final int MAX_DEPTH = 64;
  static final int MAX_NUMBER_LENGTH = 64;
  static final int MAX_STRING_LENGTH = 256 * 1024;
  static final int MAX_NAME_LENGTH = 256;

  /// Names, values and brackets. The largest batch of transitions has about 30,000.
  static final int MAX_TOKENS = 50_000;

  public static final ObjectMapper MAPPER =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints()).build())
          .addModule(domainTypes())
          .build();

  /// Parses stored responses, which may exceed the limits of a request body.
  public static final ObjectMapper UNBOUNDED_MAPPER = new ObjectMapper();

  private Json() {}

  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the response as JSON", e);
    }
  }

  private static StreamReadConstraints constraints() {
    return StreamReadConstraints.builder()
        .maxNestingDepth(MAX_DEPTH)
        .maxNumberLength(MAX_NUMBER_LENGTH)
        .maxStringLength(MAX_STRING_LENGTH)
        .maxNameLength(MAX_NAME_LENGTH)
        .maxTokenCount(MAX_TOKENS)
        .maxDocumentLength(MAX_BYTES)
        .build();
  }

  private static SimpleModule domainTypes() {
    return new SimpleModule()
        .addSerializer(Instant.class, writtenAs(Rfc3339::format))
        .addSerializer(Duration.class, writtenAs(Duration::toString))
        .addSerializer(StackId.class, writtenAs(StackId::slug))
        .addSerializer(Optional.class, writtenAs(value -> ((Optional<?>) value).orElse(null)));
  }

  private static <T> JsonSerializer<T> writtenAs(Function<T, @Nullable Object> conversion) {
    return new JsonSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator generator, SerializerProvider provider)
          throws IOException {
        provider.defaultSerializeValue(conversion.apply(value), generator);
      }
    };
  }
}
