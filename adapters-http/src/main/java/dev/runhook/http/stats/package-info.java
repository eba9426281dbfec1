/// TODO describe
@NullMarked
package dev.runhook.http.stats;

import org.jspecify.annotations.NullMarked;
