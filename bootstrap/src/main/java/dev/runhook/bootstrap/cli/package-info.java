/// The command line of `./runhook`: finds the command that the arguments name, and reports errors.
/// The commands are in the packages below, by what they work with. Start with [Main].
@NullMarked
package dev.runhook.bootstrap.cli;

import org.jspecify.annotations.NullMarked;
