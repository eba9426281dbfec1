package archfixture.http;

import archfixture.persistence.SqlStore;

/// Breaks `ADAPTERS_DO_NOT_SEE_EACH_OTHER`.
record SeesPersistence(SqlStore store) {}
