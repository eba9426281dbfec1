/// The API as its callers see it: over HTTP, with the real use cases on a store in memory.
@NullMarked
package dev.runhook.http.server;

import org.jspecify.annotations.NullMarked;
