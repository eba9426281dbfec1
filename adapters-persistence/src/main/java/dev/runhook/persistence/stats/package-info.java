/// TODO describe
@NullMarked
package dev.runhook.persistence.stats;

import org.jspecify.annotations.NullMarked;
