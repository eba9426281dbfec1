/// What all stores share: the transaction scope, the JDBI configuration, the meaning of SQL errors,
/// and conversions between Java values and SQL values. This package depends on no other package of
/// this module. Read [TransactionScope] first.
@NullMarked
package dev.runhook.persistence.jdbi;

import org.jspecify.annotations.NullMarked;
