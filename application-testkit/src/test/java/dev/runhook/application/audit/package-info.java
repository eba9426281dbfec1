/// TODO describe
@NullMarked
package dev.runhook.application.audit;

import org.jspecify.annotations.NullMarked;
