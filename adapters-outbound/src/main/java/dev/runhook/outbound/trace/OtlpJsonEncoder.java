package dev.runhook.outbound.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Spans as an `ExportTraceServiceRequest` of the OpenTelemetry Protocol 1 in its JSON form: ids in
/// hexadecimal, times as strings, enumerations as numbers.
final class OtlpJsonEncoder {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int CLIENT = 3;
  private static final int ERROR = 2;

  private final String version;

  /// @param version of the service that made the spans
  OtlpJsonEncoder(String version) {
    this.version = version;
  }

  byte[] encode(List<AttemptSpan> spans) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("resourceSpans");
      json.writeStartObject();
      json.writeObjectFieldStart("resource");
      writeAttributes(json, Map.of("service.name", "runhook", "service.version", version));
      json.writeEndObject();
      json.writeArrayFieldStart("scopeSpans");
      json.writeStartObject();
      json.writeObjectFieldStart("scope");
      json.writeStringField("name", "dev.runhook");
      json.writeEndObject();
      json.writeArrayFieldStart("spans");
      for (AttemptSpan span : spans) {
        write(json, span);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, AttemptSpan span) throws IOException {
    json.writeStartObject();
    json.writeStringField("traceId", span.context().traceId());
    json.writeStringField("spanId", span.context().parentId());
    json.writeStringField("parentSpanId", span.parent().parentId());
    json.writeStringField("traceState", span.context().tracestate());
    json.writeNumberField("flags", Integer.parseInt(span.context().flags(), 16));
    json.writeStringField("name", span.name());
    json.writeNumberField("kind", CLIENT);
    json.writeStringField("startTimeUnixNano", nanos(span.startedAt()));
    json.writeStringField("endTimeUnixNano", nanos(span.endedAt()));
    writeAttributes(json, span.attributes());
    if (span.error().isPresent()) {
      json.writeObjectFieldStart("status");
      json.writeNumberField("code", ERROR);
      json.writeStringField("message", span.error().get());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void writeAttributes(JsonGenerator json, Map<String, Object> attributes)
      throws IOException {
    json.writeArrayFieldStart("attributes");
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      json.writeStartObject();
      json.writeStringField("key", attribute.getKey());
      json.writeObjectFieldStart("value");
      if (attribute.getValue() instanceof Long number) {
        json.writeStringField("intValue", number.toString());
      } else {
        json.writeStringField("stringValue", attribute.getValue().toString());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String nanos(Instant time) {
    return Long.toString(time.getEpochSecond() * 1_000_000_000L + time.getNano());
  }
}
