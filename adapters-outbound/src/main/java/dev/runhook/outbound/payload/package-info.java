/// TODO describe
@NullMarked
package dev.runhook.outbound.payload;

import org.jspecify.annotations.NullMarked;
