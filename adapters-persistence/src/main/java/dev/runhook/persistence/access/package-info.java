/// Stores tokens, sessions, idempotency keys and audit events. This package depends only on
/// `dev.runhook.persistence.jdbi`. Read [JdbiTokens] first.
@NullMarked
package dev.runhook.persistence.access;

import org.jspecify.annotations.NullMarked;
