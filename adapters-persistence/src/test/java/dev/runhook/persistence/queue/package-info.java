/// Tests of the locks of lanes against PostgreSQL.
@NullMarked
package dev.runhook.persistence.queue;

import org.jspecify.annotations.NullMarked;
