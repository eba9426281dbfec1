package dev.runhook.testkit.memory;

import dev.runhook.application.query.AuditFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.account.AuditEvents;
import dev.runhook.application.spi.account.IdempotencyKeys;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.text.Fingerprint;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// What is not stored in memory, because the path of an event does not need it. Its use fails,
/// except for what the path and the maintenance of an engine call.
final class MissingStores {
  /// Accepts events and does not keep them.
  static final AuditEvents AUDIT_EVENTS =
      new AuditEvents() {
        @Override
        public void add(AuditEvent event) {}

        @Override
        public Page<AuditEvent> list(AuditFilter filter, PageRequest page) {
          throw missing("audit log");
        }
      };

  /// Has no expired key.
  static final IdempotencyKeys IDEMPOTENCY_KEYS =
      new IdempotencyKeys() {
        @Override
        public Optional<StoredKey> claim(KeyClaim claim, KeyTtl ttl) {
          throw missing("idempotency keys");
        }

        @Override
        public boolean markCommitted(Fingerprint id, UUID attempt) {
          throw missing("idempotency keys");
        }

        @Override
        public void storeResponse(Fingerprint id, UUID attempt, String response) {
          throw missing("idempotency keys");
        }

        @Override
        public void release(Fingerprint id, UUID attempt) {
          throw missing("idempotency keys");
        }

        @Override
        public int deleteExpired(Duration retention) {
          return 0;
        }
      };

  private MissingStores() {}

  static UnsupportedOperationException missing(String name) {
    return new UnsupportedOperationException(
        "the store in memory has no " + name + "; use PostgreSQL");
  }
}
