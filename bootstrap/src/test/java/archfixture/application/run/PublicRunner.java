package archfixture.application.run;

import archfixture.domain.run.Moved;

/// Breaks `USE_CASES_HIDE_BEHIND_INTERFACES`.
public final class PublicRunner implements Runner {
  @Override
  public void run(Moved moved) {}
}
