package archfixture.application.spi;

import archfixture.domain.run.Moved;

/// A driven port.
public interface Store {
  void keep(Moved moved);
}
