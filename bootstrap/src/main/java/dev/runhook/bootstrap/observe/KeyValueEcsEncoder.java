package dev.runhook.bootstrap.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.EcsJsonSerializer;
import co.elastic.logging.logback.EcsEncoder;
import java.util.List;
import java.util.Objects;
import org.slf4j.event.KeyValuePair;

/// Encodes log events as JSON in the Elastic Common Schema. In addition to the fields of
/// [EcsEncoder], each key-value pair of an event is a top-level field.
final class KeyValueEcsEncoder extends EcsEncoder {
  KeyValueEcsEncoder(String version) {
    setServiceName("runhook");
    setServiceVersion(version);
  }

  @Override
  protected void addCustomFields(ILoggingEvent event, StringBuilder json) {
    Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of())
        .forEach(pair -> {
          if (pair.value instanceof Number number) {
            json.append('"').append(pair.key).append("\":").append(number).append(',');
          } else {
            EcsJsonSerializer.serializeMdcEntry(json, pair.key, String.valueOf(pair.value));
          }
        });
  }
}
