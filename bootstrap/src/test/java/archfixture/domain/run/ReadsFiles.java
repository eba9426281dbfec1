package archfixture.domain.run;

import java.nio.file.Path;

/// Breaks `THE_DOMAIN_IS_PURE`.
record ReadsFiles(Path file) {}
