/// TODO describe
@NullMarked
package dev.runhook.http.api;

import org.jspecify.annotations.NullMarked;
