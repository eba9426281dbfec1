/// TODO describe
@NullMarked
package dev.runhook.http.run;

import org.jspecify.annotations.NullMarked;
