/// TODO describe
@NullMarked
package dev.runhook.http.security;

import org.jspecify.annotations.NullMarked;
