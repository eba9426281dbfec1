package archfixture.persistence;

import java.util.logging.LogManager;

/// Breaks `THE_PROGRAM_AROUND_IT_LIVES_IN_BOOTSTRAP`.
record SetsUpLogging(LogManager logging) {}
