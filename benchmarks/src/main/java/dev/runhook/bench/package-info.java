/// `./runhook bench`: measures Runhook and compares it with simpler systems on the same machine.
/// Start at [Main].
@NullMarked
package dev.runhook.bench;

import org.jspecify.annotations.NullMarked;
