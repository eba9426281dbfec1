/// TODO describe
@NullMarked
package dev.runhook.architecture;

import org.jspecify.annotations.NullMarked;
