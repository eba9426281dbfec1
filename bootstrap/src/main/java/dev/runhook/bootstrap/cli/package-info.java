/// The commands of `./runhook`. They read the settings, use the database or the server, and print
/// for users. Start with [Main].
@NullMarked
package dev.runhook.bootstrap.cli;

import org.jspecify.annotations.NullMarked;
