package dev.runhook.domain.audit;

import java.util.UUID;

/// The place of an entry among all: later ones have greater ids.
public record AuditEventId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
