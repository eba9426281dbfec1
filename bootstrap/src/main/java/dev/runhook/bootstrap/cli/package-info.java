/// TODO describe
@NullMarked
package dev.runhook.bootstrap.cli;

import org.jspecify.annotations.NullMarked;
