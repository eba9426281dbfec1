/// The results of the overload benchmark.
@NullMarked
package dev.runhook.bench.overload;

import org.jspecify.annotations.NullMarked;
