/// TODO describe
@NullMarked
package dev.runhook.persistence.access;

import org.jspecify.annotations.NullMarked;
