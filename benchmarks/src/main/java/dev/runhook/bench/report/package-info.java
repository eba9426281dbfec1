/// Statistics of measurements, and the reports that contain them. Start at [Report].
@NullMarked
package dev.runhook.bench.report;

import org.jspecify.annotations.NullMarked;
