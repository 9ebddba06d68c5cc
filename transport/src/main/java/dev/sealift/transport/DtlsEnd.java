// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.SslContextUtil;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticCertificateVerifier;

/// Makes the connectors of both ends, each with the bounds that suit one device, not a server of
/// thousands: few connections, few threads, short queues.
final class DtlsEnd {
  private static final int KEY_FILE_MAX = 64 * 1024;
  private static final int PSK_MAX = 64;
  private static final int SERVER_CONNECTIONS_MAX = 8;
  private static final int JOBS_MAX = 64;
  private static final int HANDSHAKE_MESSAGE_MAX = 8192;

  /// What Zephyr's sockets wait for a datagram: an Ethernet frame.
  private static final int DATAGRAM_MAX = 1500;

  /// What certificates may be signed with. The library's own choice ends at SHA-256, and tools sign
  /// with more.
  private static final List<SignatureAndHashAlgorithm> SIGNATURES =
      List.of(
          SignatureAndHashAlgorithm.SHA256_WITH_ECDSA,
          SignatureAndHashAlgorithm.SHA384_WITH_ECDSA,
          SignatureAndHashAlgorithm.valueOf("SHA512withECDSA"),
          SignatureAndHashAlgorithm.SHA256_WITH_RSA);

  /// How patient a handshake is: a flight is sent again after that time, then after twice that.
  record Patience(Duration first, int repeats) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(1), 3);

    Duration inAll() {
      return first.multipliedBy((1L << (repeats + 1)) + 1);
    }
  }

  private DtlsEnd() {}

  static DTLSConnector client(DtlsKeys keys, Patience patience) throws IOException {
    DtlsConnectorConfig.Builder builder =
        builder(new InetSocketAddress(0), DtlsRole.CLIENT_ONLY, patience)
            .set(DtlsConfig.DTLS_MAX_CONNECTIONS, 1);
    switch (keys) {
      case DtlsKeys.Psk psk -> believe(builder, psk);
      case DtlsKeys.Certificates certificates -> {
        if (certificates.authority().isEmpty()) {
          throw new IOException("no ca=FILE is named to believe the device by");
        }
        believe(builder, certificates);
      }
    }
    return new DTLSConnector(builder.build());
  }

  static DTLSConnector server(InetSocketAddress address, DtlsKeys keys, Patience patience)
      throws IOException {
    DtlsConnectorConfig.Builder builder =
        builder(address, DtlsRole.SERVER_ONLY, patience)
            .set(DtlsConfig.DTLS_MAX_CONNECTIONS, SERVER_CONNECTIONS_MAX)
            // A connection that was closed is forgotten: kept for resumption, eight of them would
            // shut out everybody else.
            .set(DtlsConfig.DTLS_SERVER_USE_SESSION_ID, false)
            .set(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, 1, TimeUnit.SECONDS);
    switch (keys) {
      case DtlsKeys.Psk psk -> believe(builder, psk);
      case DtlsKeys.Certificates certificates -> {
        if (certificates.own().isEmpty()) {
          throw new IOException("no cert=FILE and key=FILE are named for the device to show");
        }
        builder.set(
            DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE,
            certificates.authority().isPresent()
                ? CertificateAuthenticationMode.NEEDED
                : CertificateAuthenticationMode.NONE);
        believe(builder, certificates);
      }
    }
    return new DTLSConnector(builder.build());
  }

  private static DtlsConnectorConfig.Builder builder(
      InetSocketAddress address, DtlsRole role, Patience patience) {
    DtlsConfig.register();
    // Californium's standard configuration would be kept in a file of its own.
    DtlsConnectorConfig.Builder builder = DtlsConnectorConfig.builder(new Configuration());
    return builder
        .setAddress(address)
        .set(DtlsConfig.DTLS_ROLE, role)
        .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
        .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1)
        .set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, JOBS_MAX)
        .set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, JOBS_MAX)
        .set(DtlsConfig.DTLS_MAX_FRAGMENTED_HANDSHAKE_MESSAGE_LENGTH, HANDSHAKE_MESSAGE_MAX)
        .set(DtlsConfig.DTLS_MAX_TRANSMISSION_UNIT, DATAGRAM_MAX)
        .set(
            DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT,
            patience.first().toMillis(),
            TimeUnit.MILLISECONDS)
        .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, patience.repeats())
        .set(DtlsConfig.DTLS_USE_SERVER_NAME_INDICATION, false);
  }

  private static void believe(DtlsConnectorConfig.Builder builder, DtlsKeys.Psk psk)
      throws IOException {
    byte[] key = readHex(psk.file());
    try {
      builder.setPskStore(new SinglePskStore(psk.identity(), key));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] readHex(Path file) throws IOException {
    String text = new String(read(file), StandardCharsets.US_ASCII).strip();
    try {
      byte[] key = HexFormat.of().parseHex(text);
      if (key.length > 0 && key.length <= PSK_MAX) {
        return key;
      }
    } catch (IllegalArgumentException _) {
      // Said below; the text is a secret.
    }
    throw new IOException(
        "%s holds no PSK: expected 1 to %d bytes in hexadecimal digits".formatted(file, PSK_MAX));
  }

  private static byte[] read(Path file) throws IOException {
    try {
      if (Files.size(file) > KEY_FILE_MAX) {
        throw new IOException("%s is too large to hold a key".formatted(file));
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    }
  }

  private static void believe(
      DtlsConnectorConfig.Builder builder, DtlsKeys.Certificates certificates) throws IOException {
    builder.set(DtlsConfig.DTLS_SIGNATURE_AND_HASH_ALGORITHMS, SIGNATURES);
    if (certificates.authority().isPresent()) {
      builder.setCertificateVerifier(
          StaticCertificateVerifier.builder()
              .setTrustedCertificates(chain(certificates.authority().get()))
              .build());
    }
    Optional<DtlsKeys.Own> own = certificates.own();
    if (own.isPresent()) {
      SslContextUtil.Credentials both = pem(own.get().key());
      if (both.getPrivateKey() == null) {
        throw new IOException("%s holds no private key in PEM".formatted(own.get().key()));
      }
      builder.setCertificateIdentityProvider(
          new SingleCertificateProvider(
              both.getPrivateKey(), chain(own.get().certificate()), CertificateType.X_509));
    }
  }

  private static Certificate[] chain(Path file) throws IOException {
    SslContextUtil.Credentials pem = pem(file);
    if (pem.hasCertificateChain()) {
      return pem.getCertificateChain();
    }
    if (pem.hasTrustedCertificates()) {
      return pem.getTrustedCertificates();
    }
    throw new IOException("%s holds no certificate in PEM".formatted(file));
  }

  private static SslContextUtil.Credentials pem(Path file) throws IOException {
    try {
      return SslContextUtil.loadPemCredentials(new java.io.ByteArrayInputStream(read(file)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("%s cannot be read as PEM: %s".formatted(file, e.getMessage()), e);
    }
  }
}
