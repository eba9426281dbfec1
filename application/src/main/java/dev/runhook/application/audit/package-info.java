/// The audit log. Use cases record their events in their own transaction, and admins read them.
/// Read [AuditLog] first.
@NullMarked
package dev.runhook.application.audit;

import org.jspecify.annotations.NullMarked;
