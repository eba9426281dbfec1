/// TODO describe
@NullMarked
package dev.runhook.testkit.memory;

import org.jspecify.annotations.NullMarked;
