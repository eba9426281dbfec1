package archfixture.http;

import org.jdbi.v3.core.Jdbi;

/// Breaks `THE_STORE_LIVES_IN_PERSISTENCE`.
record AsksTheStore(Jdbi jdbi) {}
