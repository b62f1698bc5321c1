package io.mybella.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** A provider that answers whatever a test has it answer; honestly as long as it is not told. */
public final class HostileProvider implements AutoCloseable {

  /** Where its metadata are. */
  public static final String METADATA = "/.well-known/openid-configuration";

  /** Where its keys are. */
  public static final String KEYS = "/keys";

  /** Where codes are redeemed. */
  public static final String TOKEN = "/token";

  /** What it calls the gateway. */
  public static final String CLIENT = "mybella";

  /** What the gateway proves itself with. */
  public static final String SECRET = "a-secret-of-the-hostile-provider";

  /** Answers a request. */
  @FunctionalInterface
  public interface Answer {
    /** Writes the answer. */
    void to(HttpExchange exchange) throws IOException;
  }

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;

  private final RSAKey key = ProviderKey.KEY;

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private volatile CountDownLatch patience = new CountDownLatch(1);

  /** Starts it on a free port. */
  public HostileProvider() {
    try {
      // A hundred may come at once; those that do not fit into the queue would try again much
      // later.
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
    reset();
  }

  /** Its address and name. */
  public String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers honestly again, and lets go of whom it keeps waiting. */
  public void reset() {
    patience.countDown();
    patience = new CountDownLatch(1);
    answers.clear();
    answers.put(METADATA, json(JSON.writeValueAsString(metadata())));
    answers.put(KEYS, json(new JWKSet(key).toPublicJWKSet().toString()));
  }

  /** Has it answer this at the path. */
  public void answer(String path, Answer answer) {
    answers.put(path, answer);
  }

  /** Has it redeem the next code for this identity token. */
  public void identity(String idToken) {
    answers.put(
        TOKEN,
        json(
            JSON.writeValueAsString(
                Map.of(
                    "access_token",
                    "opaque",
                    "token_type",
                    "Bearer",
                    "expires_in",
                    60,
                    "id_token",
                    idToken))));
  }

  /** What it says of itself. */
  public Map<String, Object> metadata() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("issuer", issuer());
    metadata.put("authorization_endpoint", issuer() + "/authorize");
    metadata.put("token_endpoint", issuer() + TOKEN);
    metadata.put("jwks_uri", issuer() + KEYS);
    metadata.put("subject_types_supported", List.of("public"));
    metadata.put("response_types_supported", List.of("code"));
    metadata.put("id_token_signing_alg_values_supported", List.of("RS256"));
    return metadata;
  }

  /** Claims that are as they should be. */
  public JWTClaimsSet.Builder honest(String subject, String nonce) {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .subject(subject)
        .audience(CLIENT)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300)))
        .claim("nonce", nonce)
        .claim("email", subject + "@hostile.example")
        .claim("name", "Honest");
  }

  /** The claims with the signature of the key that it publishes. */
  public String signed(JWTClaimsSet.Builder claims) {
    return signed(claims, key);
  }

  /** The claims with a signature of this key, which calls itself the published one. */
  public String signed(JWTClaimsSet.Builder claims, RSAKey with) {
    try {
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
              claims.build());
      token.sign(new RSASSASigner(with));
      return token.serialize();
    } catch (JOSEException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** A key of nobody. */
  public static RSAKey newKey() {
    return ProviderKey.make();
  }

  /** Answers with this JSON. */
  public static Answer json(String body) {
    return text(200, "application/json", body);
  }

  /** Answers with this text. */
  public static Answer text(int status, String type, String body) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", type);
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** Takes requests and does not answer before the next reset. */
  public Answer silence() {
    return _ -> await();
  }

  /** Begins to answer and does not end before the next reset. */
  public Answer dawdling() {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      await();
    };
  }

  /** Answers more than anybody should read. */
  public static Answer flood() {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      byte[] spaces = " ".repeat(1 << 16).getBytes(UTF_8);
      for (int i = 0; i < 1 << 12; i++) {
        exchange.getResponseBody().write(spaces);
      }
    };
  }

  @Override
  public void close() {
    patience.countDown();
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      answers
          .getOrDefault(exchange.getRequestURI().getPath(), text(404, "text/plain", "Nothing here"))
          .to(exchange);
    }
  }

  private void await() {
    try {
      // An end even for a test that forgets to reset.
      patience.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
