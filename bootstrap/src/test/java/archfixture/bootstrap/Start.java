package archfixture.bootstrap;

import javax.sql.DataSource;

/// The composition, which may hold a data source.
public record Start(DataSource source) {}
