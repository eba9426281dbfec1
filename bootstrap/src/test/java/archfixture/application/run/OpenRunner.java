package archfixture.application.run;

import archfixture.domain.run.Moved;

/// Breaks `USE_CASES_HIDE_BEHIND_INTERFACES`: hidden, but not final.
class OpenRunner implements Runner {
  @Override
  public void run(Moved moved) {}
}
