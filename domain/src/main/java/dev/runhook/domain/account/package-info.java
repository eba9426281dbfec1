/// Who is there and who may do what: accounts (tenants) and the grants that their tokens carry.
/// Knows nobody. Start at [Grant].
@NullMarked
package dev.runhook.domain.account;

import org.jspecify.annotations.NullMarked;
