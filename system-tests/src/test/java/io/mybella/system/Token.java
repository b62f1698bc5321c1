package io.mybella.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes tokens as the gateway makes them for the services, with the key out of its database, and
 * others that only look alike.
 */
final class Token {

  /** Of a gateway, which keeps it for longer than tests take. */
  private record SigningKey(String kid, PrivateKey half, SecretKeySpec publicHalf) {}

  private static final Map<URI, SigningKey> KEYS = new ConcurrentHashMap<>();

  /** Making one costs more than all else that a test of a token does. */
  private static final PrivateKey STRANGER = newKey();

  private final SigningKey key;
  private final Map<String, Object> header = new LinkedHashMap<>();
  private final Map<String, Object> claims = new LinkedHashMap<>();

  private Token(SigningKey key) {
    this.key = key;
  }

  /** One that the gateway could have made for the account a moment ago. */
  static Token of(TestPlatform platform, long account)
      throws SQLException, GeneralSecurityException {
    SigningKey key = KEYS.get(platform.baseUrl());
    if (key == null) {
      key = signingKey(platform);
      KEYS.put(platform.baseUrl(), key);
    }
    long now = Instant.now().getEpochSecond();
    return new Token(key)
        .header("kid", key.kid())
        .header("typ", "at+jwt")
        .header("alg", "RS256")
        .claim("iss", "mybella-gateway")
        .claim("aud", List.of("persona-service", "memory-service", "voice-service", "chat-service"))
        .claim("sub", Long.toString(account))
        .claim("role", "user")
        .claim("jti", UUID.randomUUID().toString())
        .claim("iat", now)
        .claim("exp", now + 300);
  }

  private static SigningKey signingKey(TestPlatform platform)
      throws SQLException, GeneralSecurityException {
    try (Connection database = platform.superuser(Service.GATEWAY);
        var statement = database.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT kid, private_key, public_key FROM signing_key ORDER BY created_at LIMIT"
                    + " 1")) {
      row.next();
      return new SigningKey(
          row.getString("kid"),
          KeyFactory.getInstance("RSA")
              .generatePrivate(new PKCS8EncodedKeySpec(row.getBytes("private_key"))),
          new SecretKeySpec(row.getBytes("public_key"), "HmacSHA256"));
    }
  }

  private static PrivateKey newKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair().getPrivate();
    } catch (GeneralSecurityException unsupported) {
      throw new IllegalStateException(unsupported);
    }
  }

  Token header(String name, String value) {
    header.put(name, value);
    return this;
  }

  Token claim(String name, Object value) {
    claims.put(name, value);
    return this;
  }

  /** Signed with the gateway's key. */
  String signed() throws GeneralSecurityException {
    return signedWith(key.half());
  }

  /** Signed with a key of one's own, under the name of the gateway's. */
  String signedByStranger() throws GeneralSecurityException {
    return signedWith(STRANGER);
  }

  /** Sealed with what everybody can know: the public key. */
  String sealedWithPublicKey() throws GeneralSecurityException {
    header("alg", "HS256");
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(key.publicHalf());
    return content() + "." + encoded(mac.doFinal(content().getBytes(US_ASCII)));
  }

  /** Not signed at all. */
  String unsigned() {
    header("alg", "none");
    return content() + ".";
  }

  private String signedWith(PrivateKey any) throws GeneralSecurityException {
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(any);
    signature.update(content().getBytes(US_ASCII));
    return content() + "." + encoded(signature.sign());
  }

  private String content() {
    return encoded(json(header)) + "." + encoded(json(claims));
  }

  private static byte[] json(Map<String, Object> members) {
    return JsonMapper.shared().writeValueAsString(members).getBytes(UTF_8);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
