/// Numbers and how they are told. Start at [Report].
@NullMarked
package dev.runhook.bench.measure;

import org.jspecify.annotations.NullMarked;
