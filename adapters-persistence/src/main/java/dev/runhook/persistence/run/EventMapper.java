package dev.runhook.persistence.run;

import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.trace.TraceContext;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;

/// Reads parts of events from rows of the table `event`.
public final class EventMapper {
  private EventMapper() {}

  public static StoredPayload readPayload(ResultSet row) throws SQLException {
    byte[] payload = row.getBytes("payload");
    return payload == null
        ? new StoredPayload.Erased(HexFormat.of().formatHex(row.getBytes("payload_sha256")))
        : new StoredPayload.Present(Payload.of(payload));
  }

  public static Optional<TraceContext> readTrace(ResultSet row) throws SQLException {
    String traceparent = row.getString("trace_parent");
    return traceparent == null
        ? Optional.empty()
        : TraceContext.parse(traceparent, String.valueOf(row.getString("trace_state")));
  }
}
