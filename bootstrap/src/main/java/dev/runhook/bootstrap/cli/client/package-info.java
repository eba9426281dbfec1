/// What the commands that call a server need: the stored login, paths of the API, columns of
/// tables, the variables of CI systems, and the file of `apply`. Start with [Login] and
/// [SetupFile].
@NullMarked
package dev.runhook.bootstrap.cli.client;

import org.jspecify.annotations.NullMarked;
