/// What only PostgreSQL can show, and the contracts of the kit. Start at [JdbiStoresTest].
@NullMarked
package dev.runhook.persistence;

import org.jspecify.annotations.NullMarked;
