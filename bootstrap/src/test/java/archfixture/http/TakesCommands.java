package archfixture.http;

import picocli.CommandLine;

/// Breaks `THE_PROGRAM_AROUND_IT_LIVES_IN_BOOTSTRAP`.
record TakesCommands(CommandLine line) {}
