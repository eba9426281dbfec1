/// TODO describe
@NullMarked
package dev.runhook.outbound.tls;

import org.jspecify.annotations.NullMarked;
