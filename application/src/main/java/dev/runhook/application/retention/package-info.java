/// TODO describe
@NullMarked
package dev.runhook.application.retention;

import org.jspecify.annotations.NullMarked;
