/// Who did what: written down together with the deed, and read by admins. Start at [AuditTrail].
@NullMarked
package dev.runhook.application.audit;

import org.jspecify.annotations.NullMarked;
