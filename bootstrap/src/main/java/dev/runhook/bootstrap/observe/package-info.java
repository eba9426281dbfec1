/// What is measured, with Micrometer and for Prometheus. Nothing here decides anything: it observes
/// through the ports that are there for that, or stands before one. It may know all modules and
/// nothing of the rest of the bootstrap. Start at [Meters].
@NullMarked
package dev.runhook.bootstrap.observe;

import org.jspecify.annotations.NullMarked;
