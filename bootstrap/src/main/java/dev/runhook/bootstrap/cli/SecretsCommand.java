package dev.runhook.bootstrap.cli;

import picocli.CommandLine.Command;

@Command(
    name = "secrets",
    description = "Manages the encryption of webhook secrets.",
    subcommands = SecretsRotateCommand.class,
    footer = {"", "See docs/hardening.md."})
final class SecretsCommand extends CliCommand {}
