@NullMarked
package dev.runhook.bench.sink;

import org.jspecify.annotations.NullMarked;
