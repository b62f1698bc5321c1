package io.mybella.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
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
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes tokens as the gateway makes them for the services, with the key out of its database, and
 * others that only look alike.
 */
final class Token {

  private final String kid;
  private final PrivateKey key;
  private final byte[] publicKey;
  private final Map<String, Object> header = new LinkedHashMap<>();
  private final Map<String, Object> claims = new LinkedHashMap<>();

  private Token(String kid, PrivateKey key, byte[] publicKey) {
    this.kid = kid;
    this.key = key;
    this.publicKey = publicKey;
  }

  /** One that the gateway could have made for the account a moment ago. */
  static Token of(TestPlatform platform, long account)
      throws SQLException, GeneralSecurityException {
    try (Connection database = platform.superuser(Service.GATEWAY);
        var statement = database.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT kid, private_key, public_key FROM signing_key ORDER BY created_at LIMIT"
                    + " 1")) {
      row.next();
      var token =
          new Token(
              row.getString("kid"),
              KeyFactory.getInstance("RSA")
                  .generatePrivate(new PKCS8EncodedKeySpec(row.getBytes("private_key"))),
              row.getBytes("public_key"));
      long now = Instant.now().getEpochSecond();
      return token
          .header("kid", token.kid)
          .header("typ", "at+jwt")
          .header("alg", "RS256")
          .claim("iss", "mybella-gateway")
          .claim(
              "aud", List.of("persona-service", "memory-service", "voice-service", "chat-service"))
          .claim("sub", Long.toString(account))
          .claim("role", "user")
          .claim("jti", UUID.randomUUID().toString())
          .claim("iat", now)
          .claim("exp", now + 300);
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
    return signedWith(key);
  }

  /** Signed with a key of one's own, under the name of the gateway's. */
  String signedByStranger() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return signedWith(generator.generateKeyPair().getPrivate());
  }

  /** Sealed with what everybody can know: the public key. */
  String sealedWithPublicKey() throws GeneralSecurityException {
    header("alg", "HS256");
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(publicKey, "HmacSHA256"));
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
