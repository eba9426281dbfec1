package archfixture.bootstrap;

import java.net.http.HttpClient;

/// Breaks `THE_HTTP_CLIENT_LIVES_IN_OUTBOUND`: only the demonstration may.
record CallsOut(HttpClient client) {}
