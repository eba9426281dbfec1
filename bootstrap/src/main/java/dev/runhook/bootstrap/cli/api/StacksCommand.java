package dev.runhook.bootstrap.cli.api;

import picocli.CommandLine.Command;

@Command(name = "stacks", aliases = "stack", description = "Lists, creates and deletes stacks.")
public final class StacksCommand extends OperationsCommand {}
