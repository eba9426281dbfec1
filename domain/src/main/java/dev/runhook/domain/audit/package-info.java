/// What somebody did, as it is told afterwards. Knows accounts. Start at [AuditEntry].
@NullMarked
package dev.runhook.domain.audit;

import org.jspecify.annotations.NullMarked;
