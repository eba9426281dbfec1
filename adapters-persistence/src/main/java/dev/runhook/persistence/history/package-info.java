/// TODO describe
@NullMarked
package dev.runhook.persistence.history;

import org.jspecify.annotations.NullMarked;
