@NullMarked
package dev.runhook.bench.process;

import org.jspecify.annotations.NullMarked;
