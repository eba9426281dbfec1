package archfixture.testkit;

import archfixture.application.spi.Store;

/// A fake of the kit.
public record FakeStore(Store store) {}
