/// TODO describe
@NullMarked
package dev.runhook.outbound.trace;

import org.jspecify.annotations.NullMarked;
