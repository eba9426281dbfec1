/// The contracts of what belongs to an account: tokens, sessions, idempotency keys and the audit
/// log. Read [TokensContract] first.
@NullMarked
package dev.runhook.testkit.contract.account;

import org.jspecify.annotations.NullMarked;
