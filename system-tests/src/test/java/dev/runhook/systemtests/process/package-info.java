/// TODO describe
@NullMarked
package dev.runhook.systemtests.process;

import org.jspecify.annotations.NullMarked;
