/// Tests of the PostgreSQL adapter. [JdbiStoresTest] runs the contracts of the test kit.
@NullMarked
package dev.runhook.persistence;

import org.jspecify.annotations.NullMarked;
