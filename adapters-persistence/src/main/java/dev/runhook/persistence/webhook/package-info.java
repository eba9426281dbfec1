/// TODO describe
@NullMarked
package dev.runhook.persistence.webhook;

import org.jspecify.annotations.NullMarked;
