/// Where we may call: addresses judged by their bytes against the ranges that are nobody's public
/// endpoint. Knows nobody. Start at [EgressPolicy].
@NullMarked
package dev.runhook.domain.egress;

import org.jspecify.annotations.NullMarked;
