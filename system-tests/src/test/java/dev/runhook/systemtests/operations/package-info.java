/// TODO describe
@NullMarked
package dev.runhook.systemtests.operations;

import org.jspecify.annotations.NullMarked;
