package dev.runhook.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.Instant;

/// JSON as the API speaks it: a record's components in their order, nulls shown, times by [Times];
/// what is read is bounded.
final class Json {
  static final int DEEPEST = 64;
  static final int LONGEST_NUMBER = 64;
  static final int LONGEST_STRING = 256 * 1024;
  static final int LONGEST_NAME = 256;

  static final ObjectMapper MAPPER =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints()).build())
          .addModule(times())
          .build();

  /// For answers of our own that were written down: as long as they are.
  static final ObjectMapper KEPT = new ObjectMapper();

  private Json() {}

  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }

  private static StreamReadConstraints constraints() {
    return StreamReadConstraints.builder()
        .maxNestingDepth(DEEPEST)
        .maxNumberLength(LONGEST_NUMBER)
        .maxStringLength(LONGEST_STRING)
        .maxNameLength(LONGEST_NAME)
        .maxDocumentLength(HttpApi.LARGEST_BODY)
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
                generator.writeString(Times.write(value));
              }
            });
  }
}
