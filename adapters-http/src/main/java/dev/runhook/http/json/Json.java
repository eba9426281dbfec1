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
import dev.runhook.http.server.HttpApi;
import java.io.IOException;
import java.time.Instant;

/// JSON as the API speaks it: a record's components in their order, nulls shown, times by
/// [Rfc3339]; what is read is bounded.
public final class Json {
  static final int MAX_DEPTH = 64;
  static final int MAX_NUMBER_LENGTH = 64;
  static final int MAX_STRING_LENGTH = 256 * 1024;
  static final int MAX_NAME_LENGTH = 256;

  public static final ObjectMapper MAPPER =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints()).build())
          .addModule(times())
          .build();

  /// For answers of our own that were written down: as long as they are.
  public static final ObjectMapper UNBOUNDED_MAPPER = new ObjectMapper();

  private Json() {}

  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }

  private static StreamReadConstraints constraints() {
    return StreamReadConstraints.builder()
        .maxNestingDepth(MAX_DEPTH)
        .maxNumberLength(MAX_NUMBER_LENGTH)
        .maxStringLength(MAX_STRING_LENGTH)
        .maxNameLength(MAX_NAME_LENGTH)
        .maxDocumentLength(HttpApi.MAX_BODY_SIZE)
        .build();
  }

  private static SimpleModule times() {
    return new SimpleModule()
        .addSerializer(
            Instant.class,
            new JsonSerializer<Instant>() {
              @Override
              public void serialize(
                  Instant value, JsonGenerator generator, SerializerProvider provider)
                  throws IOException {
                generator.writeString(Rfc3339.format(value));
              }
            });
  }
}
