package archfixture.persistence;

import archfixture.application.Page;
import archfixture.application.spi.Store;
import archfixture.domain.run.Moved;
import javax.sql.DataSource;

/// A driven adapter as it should be.
public record SqlStore(DataSource source, Page page) implements Store {
  @Override
  public void keep(Moved moved) {
    throw new UnsupportedOperationException();
  }
}
