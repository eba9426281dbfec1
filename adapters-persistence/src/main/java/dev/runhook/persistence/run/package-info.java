/// TODO describe
@NullMarked
package dev.runhook.persistence.run;

import org.jspecify.annotations.NullMarked;
