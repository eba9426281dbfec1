/// What lists and statistics are asked for and return: filters, pages, counts and summaries. The
/// driving and the driven ports share these values. This package depends only on the domain. Read
/// [Page] first.
@NullMarked
package dev.runhook.application.query;

import org.jspecify.annotations.NullMarked;
