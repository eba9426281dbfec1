/// The commands for those who receive webhooks. They need neither a server nor a login. Start with
/// [ListenCommand].
@NullMarked
package dev.runhook.bootstrap.cli.receiver;

import org.jspecify.annotations.NullMarked;
