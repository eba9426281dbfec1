/// TODO describe
@NullMarked
package dev.runhook.http.webui;

import org.jspecify.annotations.NullMarked;
