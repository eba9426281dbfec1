package dev.runhook.domain.audit;

import java.util.UUID;

/// The id of an audit event. Later events have greater ids.
public record AuditEventId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
