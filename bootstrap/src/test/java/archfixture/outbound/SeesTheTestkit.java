package archfixture.outbound;

import archfixture.testkit.FakeStore;

/// Breaks `NOTHING_SHIPPED_SEES_THE_TESTKIT`.
record SeesTheTestkit(FakeStore store) {}
