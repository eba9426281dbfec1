package archfixture.bootstrap;

import archfixture.application.batch.Batch;

/// Breaks `BATCHES_ARE_THE_APPLICATIONS_OWN`.
record SeesBatches(Batch batch) {}
