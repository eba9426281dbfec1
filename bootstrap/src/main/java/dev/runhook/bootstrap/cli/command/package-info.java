/// What all commands share: help, exit codes, errors, tables, and the option for a webhook's
/// secret. Start with [CliCommand].
@NullMarked
package dev.runhook.bootstrap.cli.command;

import org.jspecify.annotations.NullMarked;
