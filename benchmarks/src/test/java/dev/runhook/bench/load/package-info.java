@NullMarked
package dev.runhook.bench.load;

import org.jspecify.annotations.NullMarked;
