/// TODO describe
@NullMarked
package dev.runhook.persistence.delivery;

import org.jspecify.annotations.NullMarked;
