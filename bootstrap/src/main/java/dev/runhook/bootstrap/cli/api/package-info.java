/// The commands that call a server with the stored login. They print tables, JSON or YAML. Start
/// with [ApiCommand].
@NullMarked
package dev.runhook.bootstrap.cli.api;

import org.jspecify.annotations.NullMarked;
