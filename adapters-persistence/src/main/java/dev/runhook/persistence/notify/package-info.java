/// TODO describe
@NullMarked
package dev.runhook.persistence.notify;

import org.jspecify.annotations.NullMarked;
