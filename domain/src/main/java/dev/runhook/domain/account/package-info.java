/// Accounts (tenants) and what their tokens may do. This package depends on no other package of the
/// domain. Read [Grant] first.
@NullMarked
package dev.runhook.domain.account;

import org.jspecify.annotations.NullMarked;
