/// TODO describe
@NullMarked
package dev.runhook.persistence.jdbi;

import org.jspecify.annotations.NullMarked;
