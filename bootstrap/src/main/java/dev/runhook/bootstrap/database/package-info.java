/// TODO describe
@NullMarked
package dev.runhook.bootstrap.database;

import org.jspecify.annotations.NullMarked;
