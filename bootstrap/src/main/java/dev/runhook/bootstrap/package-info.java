/// Puts the parts together and runs them: the commands, the settings, the server's start and stop.
/// Knows everybody; nobody knows it. Start at [Main], then [Server].
@NullMarked
package dev.runhook.bootstrap;

import org.jspecify.annotations.NullMarked;
