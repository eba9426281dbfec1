package archfixture.http;

import archfixture.application.Page;
import jakarta.inject.Provider;

/// Breaks `ONLY_THE_BOOTSTRAP_KNOWS_DAGGER`.
record WiresItself(Provider<Page> pages) {}
