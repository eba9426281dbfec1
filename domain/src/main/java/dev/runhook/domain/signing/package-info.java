/// Signatures that prove that a delivery comes from Runhook: GitHub's two headers and Standard
/// Webhooks. This package depends on no other package of the domain. Read [SigningKeys] first.
@NullMarked
package dev.runhook.domain.signing;

import org.jspecify.annotations.NullMarked;
