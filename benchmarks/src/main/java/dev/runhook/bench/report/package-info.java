/// Numbers and how they are told. Start at [Report].
@NullMarked
package dev.runhook.bench.report;

import org.jspecify.annotations.NullMarked;
