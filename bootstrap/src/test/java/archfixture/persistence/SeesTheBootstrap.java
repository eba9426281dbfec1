package archfixture.persistence;

import archfixture.bootstrap.Start;

/// Breaks `NOTHING_SEES_THE_BOOTSTRAP`.
record SeesTheBootstrap(Start start) {}
