@NullMarked
package dev.runhook.bench.report;

import org.jspecify.annotations.NullMarked;
