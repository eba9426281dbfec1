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

/// Authorities and certificates for receivers, made by the JDK's keytool in a folder of the test.
public final class TestCertificates {
  private static final String PASSWORD = "changeit";
  private static final String HERE = "SAN=ip:127.0.0.1,dns:localhost";

  private final Path store;

  public TestCertificates(Path folder) {
    this.store = folder.resolve("certificates.p12");
  }

  public TestCertificates authority(String alias) throws Exception {
    return make(alias, "-ext", "bc:critical=ca:true", "-validity", "30");
  }

  TestCertificates valid(String alias, String authority) throws Exception {
    return make(alias, "-ext", HERE, "-validity", "30", "-signer", authority);
  }

  TestCertificates expired(String alias, String authority) throws Exception {
    return make(alias, "-ext", HERE, "-startdate", "-10d", "-validity", "5", "-signer", authority);
  }

  public TestCertificates forHost(String alias, String host, String authority) throws Exception {
    return make(alias, "-ext", "SAN=dns:" + host, "-validity", "30", "-signer", authority);
  }

  /// For the address alone, not for the name that leads to it.
  TestCertificates forAddressOnly(String alias, String authority) throws Exception {
    return make(alias, "-ext", "SAN=ip:127.0.0.1", "-validity", "30", "-signer", authority);
  }

  TestCertificates selfSigned(String alias) throws Exception {
    return make(alias, "-ext", HERE, "-validity", "30");
  }

  public X509Certificate certificate(String alias) throws GeneralSecurityException, IOException {
    return (X509Certificate) load().getCertificate(alias);
  }

  /// As files have it.
  String pem(String alias) throws GeneralSecurityException, IOException {
    String base64 =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(certificate(alias).getEncoded());
    return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
  }

  /// A context for a receiver that shows this certificate with those it rests on.
  public SSLContext serverContext(String alias) throws GeneralSecurityException, IOException {
    KeyStore all = load();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(
        alias,
        (PrivateKey) all.getKey(alias, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        all.getCertificateChain(alias));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, PASSWORD.toCharArray());
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
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool: " + said);
    }
    return this;
  }
}
