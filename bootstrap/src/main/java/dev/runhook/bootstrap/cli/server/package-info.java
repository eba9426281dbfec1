/// The commands that run a server or work on its settings and database. They read the settings of
/// the server. Start with [ServeCommand].
@NullMarked
package dev.runhook.bootstrap.cli.server;

import org.jspecify.annotations.NullMarked;
