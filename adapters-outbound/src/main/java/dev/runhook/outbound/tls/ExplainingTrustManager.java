package dev.runhook.outbound.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Judges receivers' certificates exactly as the platform does, and says in words why one is not
/// fit.
public final class ExplainingTrustManager extends X509ExtendedTrustManager {
  private interface Check {
    void run() throws CertificateException;
  }

  private final X509ExtendedTrustManager platform;

  private ExplainingTrustManager(X509ExtendedTrustManager platform) {
    this.platform = platform;
  }

  /// A context for clients that trusts the platform's authorities and these. It has no certificate
  /// of its own to show.
  public static SSLContext sslContext(List<X509Certificate> extraAuthorities) {
    try {
      X509ExtendedTrustManager usual = platform(null);
      X509ExtendedTrustManager judging =
          extraAuthorities.isEmpty()
              ? usual
              : platform(store(Arrays.asList(usual.getAcceptedIssuers()), extraAuthorities));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new ExplainingTrustManager(judging)}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the platform's TLS does not work: " + e.getMessage(), e);
    }
  }

  private static X509ExtendedTrustManager platform(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager judging) {
        return judging;
      }
    }
    throw new GeneralSecurityException("no judge of X.509 certificates");
  }

  private static KeyStore store(List<X509Certificate> usual, List<X509Certificate> extra)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (X509Certificate authority : usual) {
      store.setCertificateEntry("usual-" + store.size(), authority);
    }
    for (X509Certificate authority : extra) {
      store.setCertificateEntry("extra-" + store.size(), authority);
    }
    return store;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    judge(chain, () -> platform.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    judge(chain, () -> platform.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    judge(chain, () -> platform.checkServerTrusted(chain, authType));
  }

  private static void judge(X509Certificate[] chain, Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateException e) {
      throw new CertificateRejectedException(CertificateErrors.describe(chain, e), e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    platform.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    platform.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    platform.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return platform.getAcceptedIssuers();
  }
}
