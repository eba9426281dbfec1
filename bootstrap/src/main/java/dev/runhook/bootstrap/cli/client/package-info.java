/// What the commands need that call a server: the stored login, paths of the API, columns of
/// tables, and the variables of CI systems. Start with [Login].
@NullMarked
package dev.runhook.bootstrap.cli.client;

import org.jspecify.annotations.NullMarked;
