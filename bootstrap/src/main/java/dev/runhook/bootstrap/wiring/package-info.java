/// TODO describe
@NullMarked
package dev.runhook.bootstrap.wiring;

import org.jspecify.annotations.NullMarked;
