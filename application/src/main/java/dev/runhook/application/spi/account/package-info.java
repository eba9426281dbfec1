/// The driven ports for accounts: tokens, sessions, idempotency keys and audit events. None is on
/// the path of an event. Read [Tokens] first.
@NullMarked
package dev.runhook.application.spi.account;

import org.jspecify.annotations.NullMarked;
