/// TODO describe
@NullMarked
package dev.runhook.systemtests.resilience;

import org.jspecify.annotations.NullMarked;
