/// TODO describe
@NullMarked
package dev.runhook.http.delivery;

import org.jspecify.annotations.NullMarked;
