/// Text checks, hashes and explanations that several packages share. This package depends on no
/// other package of the domain.
@NullMarked
package dev.runhook.domain.text;

import org.jspecify.annotations.NullMarked;
