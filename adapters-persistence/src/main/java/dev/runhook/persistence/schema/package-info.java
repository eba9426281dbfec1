/// TODO describe
@NullMarked
package dev.runhook.persistence.schema;

import org.jspecify.annotations.NullMarked;
