/// TODO describe
@NullMarked
package dev.runhook.persistence.secret;

import org.jspecify.annotations.NullMarked;
