/// TODO describe
@NullMarked
package dev.runhook.http.account;

import org.jspecify.annotations.NullMarked;
