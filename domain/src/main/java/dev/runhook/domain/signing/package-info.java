/// How a delivery proves that it comes from us: GitHub's two headers and Standard Webhooks. Knows
/// nobody. Start at [SigningKeys].
@NullMarked
package dev.runhook.domain.signing;

import org.jspecify.annotations.NullMarked;
