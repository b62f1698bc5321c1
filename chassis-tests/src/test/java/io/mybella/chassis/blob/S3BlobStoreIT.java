package io.mybella.chassis.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.chassis.blob.BlobProperties.S3;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class S3BlobStoreIT extends BlobStoreContract {

  private static S3Server server;

  private final List<S3BlobStore> opened = new ArrayList<>();

  @BeforeAll
  static void startServer() {
    server = new S3Server();
  }

  @AfterAll
  static void endServer() {
    server.close();
  }

  @BeforeEach
  void empty() {
    server.empty();
  }

  @AfterEach
  void close() {
    opened.forEach(S3BlobStore::close);
  }

  @Override
  BlobStore blobs() {
    return blobs("persona-service", S3Server.BUCKET, server.url(), S3Server.SECRET_KEY);
  }

  @Test
  void theServicesOfAPlatformShareABucketAndNotTheirObjects() {
    BlobStore persona = blobs();
    BlobStore voice = blobs("voice-service", S3Server.BUCKET, server.url(), S3Server.SECRET_KEY);
    persona.put("a/x", new byte[] {1});
    assertThat(voice.get("a/x")).isEmpty();
    assertThat(voice.deleteAll("a/")).isZero();
    assertThat(persona.get("a/x")).isPresent();
  }

  @Test
  void moreObjectsThanOneListingShowsAreDeletedAll() {
    BlobStore blobs = blobs();
    for (int i = 0; i <= 1000; i++) {
      blobs.put("many/" + i, new byte[1]);
    }
    assertThat(blobs.deleteAll("many/")).isEqualTo(1001);
    assertThat(server.objects()).isZero();
  }

  @Test
  void aBucketThatIsNotThereIsAFaultAndNotAMissingObject() {
    refuses(blobs("persona-service", "no-such-bucket", server.url(), S3Server.SECRET_KEY));
  }

  @Test
  void wrongCredentialsAreAFault() {
    refuses(blobs("persona-service", S3Server.BUCKET, server.url(), "another-secret"));
    assertThat(server.objects()).isZero();
  }

  @Test
  @Timeout(30)
  void aServerThatIsAwayIsAFault() throws Exception {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    refuses(
        blobs("persona-service", S3Server.BUCKET, "http://127.0.0.1:" + port, S3Server.SECRET_KEY));
  }

  @Test
  @Timeout(30)
  void aServerThatNeverAnswersIsGivenUp() throws Exception {
    // Connections wait in its queue for ever.
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();
      refuses(
          blobs(
              "persona-service",
              settings(S3Server.BUCKET, url, S3Server.SECRET_KEY, Duration.ofSeconds(1))));
    }
  }

  @Test
  void theSecretIsInNoMessage() {
    assertThat(settings(S3Server.BUCKET, server.url(), "another-secret").toString())
        .contains(S3Server.BUCKET)
        .doesNotContain("another-secret");
  }

  private static void refuses(BlobStore blobs) {
    assertThatThrownBy(() -> blobs.put("a/x", new byte[1])).isInstanceOf(BlobStoreException.class);
    assertThatThrownBy(() -> blobs.get("a/x")).isInstanceOf(BlobStoreException.class);
    assertThatThrownBy(() -> blobs.delete("a/x")).isInstanceOf(BlobStoreException.class);
    assertThatThrownBy(() -> blobs.deleteAll("a/")).isInstanceOf(BlobStoreException.class);
  }

  private BlobStore blobs(String service, String bucket, String url, String secret) {
    return blobs(service, settings(bucket, url, secret));
  }

  private BlobStore blobs(String service, S3 settings) {
    var store = new S3BlobStore(settings, service);
    opened.add(store);
    return store;
  }

  /** Patient, so that a busy machine is no fault. */
  private static S3 settings(String bucket, String url, String secret) {
    return settings(bucket, url, secret, Duration.ofSeconds(30));
  }

  private static S3 settings(String bucket, String url, String secret, Duration attempt) {
    return new S3(
        bucket,
        "us-east-1",
        url,
        true,
        S3Server.ACCESS_KEY,
        secret,
        attempt,
        attempt.multipliedBy(2));
  }
}
