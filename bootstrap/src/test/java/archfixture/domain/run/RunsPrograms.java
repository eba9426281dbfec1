package archfixture.domain.run;

/// Breaks `THE_DOMAIN_IS_PURE`: the package is allowed, this type of it is not.
record RunsPrograms(ProcessBuilder program) {}
