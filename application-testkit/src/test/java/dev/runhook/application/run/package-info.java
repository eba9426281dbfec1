/// TODO describe
@NullMarked
package dev.runhook.application.run;

import org.jspecify.annotations.NullMarked;
