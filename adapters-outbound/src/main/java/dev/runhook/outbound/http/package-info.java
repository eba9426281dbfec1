/// TODO describe
@NullMarked
package dev.runhook.outbound.http;

import org.jspecify.annotations.NullMarked;
