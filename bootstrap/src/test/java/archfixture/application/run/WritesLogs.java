package archfixture.application.run;

import org.slf4j.Logger;

/// Breaks `THE_APPLICATION_KNOWS_THE_DOMAIN_ALONE`.
record WritesLogs(Logger logger) {}
