/// TODO describe
@NullMarked
package dev.runhook.systemtests.fault;

import org.jspecify.annotations.NullMarked;
