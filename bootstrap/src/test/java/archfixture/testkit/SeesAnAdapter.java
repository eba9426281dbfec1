package archfixture.testkit;

import archfixture.persistence.SqlStore;

/// Breaks `THE_TESTKIT_SEES_NO_ADAPTER`.
record SeesAnAdapter(SqlStore store) {}
