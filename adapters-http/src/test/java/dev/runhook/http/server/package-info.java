/// Tests of the API over HTTP, with the real use cases on an in-memory store. Start with
/// [TestServer].
@NullMarked
package dev.runhook.http.server;

import org.jspecify.annotations.NullMarked;
