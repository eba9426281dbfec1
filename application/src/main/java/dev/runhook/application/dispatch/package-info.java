/// TODO describe
@NullMarked
package dev.runhook.application.dispatch;

import org.jspecify.annotations.NullMarked;
