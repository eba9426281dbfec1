/// TODO describe
@NullMarked
package dev.runhook.http.json;

import org.jspecify.annotations.NullMarked;
