package archfixture.application.run;

import archfixture.domain.run.Moved;

/// A driving port.
public interface Runner {
  void run(Moved moved);
}
