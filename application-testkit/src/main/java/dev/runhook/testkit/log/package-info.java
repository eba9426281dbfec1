/// TODO describe
@NullMarked
package dev.runhook.testkit.log;

import org.jspecify.annotations.NullMarked;
