/// Egress rules: which addresses Runhook may call. This package depends on no other package of the
/// domain. Read [EgressPolicy] first.
@NullMarked
package dev.runhook.domain.egress;

import org.jspecify.annotations.NullMarked;
