/// Reads and writes JSON. Request bodies and query parameters are decoded strictly, and every
/// invalid field is reported at once with its JSON Pointer. Errors are problem documents (RFC
/// 9457). This package depends on Jackson and on no other package of this module. Start with
/// [Decoder] and [Problem].
@NullMarked
package dev.runhook.http.json;

import org.jspecify.annotations.NullMarked;
