package archfixture.bootstrap.demo;

import java.net.http.HttpClient;

/// The demonstration, which may call our API.
record Caller(HttpClient client) {}
