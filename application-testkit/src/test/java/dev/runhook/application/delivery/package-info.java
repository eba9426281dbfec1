/// TODO describe
@NullMarked
package dev.runhook.application.delivery;

import org.jspecify.annotations.NullMarked;
