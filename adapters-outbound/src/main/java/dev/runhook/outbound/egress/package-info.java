/// TODO describe
@NullMarked
package dev.runhook.outbound.egress;

import org.jspecify.annotations.NullMarked;
