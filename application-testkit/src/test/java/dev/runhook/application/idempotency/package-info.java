/// TODO describe
@NullMarked
package dev.runhook.application.idempotency;

import org.jspecify.annotations.NullMarked;
