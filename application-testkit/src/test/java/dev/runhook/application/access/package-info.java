/// TODO describe
@NullMarked
package dev.runhook.application.access;

import org.jspecify.annotations.NullMarked;
