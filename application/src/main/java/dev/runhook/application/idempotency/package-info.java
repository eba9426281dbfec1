/// Idempotency keys: repeated requests take effect once and get the first response. Use cases take
/// part through an [IdempotencyScope]. This package depends only on the driven ports. Read
/// [IdempotentRequests] first.
@NullMarked
package dev.runhook.application.idempotency;

import org.jspecify.annotations.NullMarked;
