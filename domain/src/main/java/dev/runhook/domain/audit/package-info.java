/// Audit events: who did what, and when. This package depends on accounts only. Read [AuditEvent]
/// first.
@NullMarked
package dev.runhook.domain.audit;

import org.jspecify.annotations.NullMarked;
