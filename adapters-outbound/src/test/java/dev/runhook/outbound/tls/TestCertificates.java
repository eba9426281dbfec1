package dev.runhook.outbound.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// CAs and certificates for receivers, created by the JDK's keytool.
public final class TestCertificates {
  private static final String PASSWORD = "changeit";
  private static final String LOCAL_NAMES = "SAN=ip:127.0.0.1,dns:localhost";

  private final Path store;

  public TestCertificates(Path directory) {
    this.store = directory.resolve("certificates.p12");
  }

  public TestCertificates authority(String alias) throws Exception {
    return make(alias, "-ext", "bc:critical=ca:true", "-validity", "30");
  }

  TestCertificates valid(String alias, String authority) throws Exception {
    return make(alias, "-ext", LOCAL_NAMES, "-validity", "30", "-signer", authority);
  }

  TestCertificates expired(String alias, String authority) throws Exception {
    return make(
        alias, "-ext", LOCAL_NAMES, "-startdate", "-10d", "-validity", "5", "-signer", authority);
  }

  public TestCertificates forHost(String alias, String host, String authority) throws Exception {
    return make(alias, "-ext", "SAN=dns:" + host, "-validity", "30", "-signer", authority);
  }

  /// Creates a certificate for the loopback address but not for `localhost`.
  TestCertificates forAddressOnly(String alias, String authority) throws Exception {
    return make(alias, "-ext", "SAN=ip:127.0.0.1", "-validity", "30", "-signer", authority);
  }

  TestCertificates selfSigned(String alias) throws Exception {
    return make(alias, "-ext", LOCAL_NAMES, "-validity", "30");
  }

  public X509Certificate certificate(String alias) throws GeneralSecurityException, IOException {
    return (X509Certificate) load().getCertificate(alias);
  }

  /// Returns the certificate in PEM format.
  String pem(String alias) throws GeneralSecurityException, IOException {
    String base64 =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(certificate(alias).getEncoded());
    return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
  }

  /// Returns a server context with the certificate and its chain.
  public SSLContext serverContext(String alias) throws GeneralSecurityException, IOException {
    KeyStore source = load();
    KeyStore target = KeyStore.getInstance("PKCS12");
    target.load(null, null);
    target.setKeyEntry(
        alias,
        (PrivateKey) source.getKey(alias, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        source.getCertificateChain(alias));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(target, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private KeyStore load() throws GeneralSecurityException, IOException {
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      loaded.load(in, PASSWORD.toCharArray());
    }
    return loaded;
  }

  private TestCertificates make(String alias, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
    command.addAll(List.of(options));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool: " + output);
    }
    return this;
  }
}
