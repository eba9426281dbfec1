/// TODO describe
@NullMarked
package dev.runhook.http.webhook;

import org.jspecify.annotations.NullMarked;
