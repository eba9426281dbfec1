@NullMarked
package dev.runhook.bench.measure;

import org.jspecify.annotations.NullMarked;
