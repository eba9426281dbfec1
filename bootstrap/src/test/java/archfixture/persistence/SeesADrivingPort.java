package archfixture.persistence;

import archfixture.application.run.Runner;

/// Breaks `DRIVEN_ADAPTERS_SEE_ONLY_THE_SPI`.
record SeesADrivingPort(Runner runner) {}
