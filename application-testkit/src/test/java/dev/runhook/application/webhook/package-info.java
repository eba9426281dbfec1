/// TODO describe
@NullMarked
package dev.runhook.application.webhook;

import org.jspecify.annotations.NullMarked;
