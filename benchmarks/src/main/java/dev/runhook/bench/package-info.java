/// Measures Runhook against what the machine can do at best: `./runhook bench`. Start at [Main].
@NullMarked
package dev.runhook.bench;

import org.jspecify.annotations.NullMarked;
