package io.mybella.chassis.blob;

import java.net.URI;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;

/** An S3 server in this JVM that keeps one bucket in memory and checks signatures. */
final class S3Server implements AutoCloseable {

  static final String BUCKET = "mybella";
  static final String ACCESS_KEY = "a-test-key";
  static final String SECRET_KEY = "a-test-secret";

  private final BlobStoreContext memory;
  private final S3Proxy server;

  S3Server() {
    memory =
        ContextBuilder.newBuilder(new TransientApiMetadata())
            .credentials(ACCESS_KEY, SECRET_KEY)
            .build(BlobStoreContext.class);
    memory.getBlobStore().createContainerInLocation(null, BUCKET);
    server =
        S3Proxy.builder()
            .blobStore(memory.getBlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    try {
      server.start();
    } catch (Exception failed) {
      throw new IllegalStateException("The S3 server did not start", failed);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  void empty() {
    memory.getBlobStore().clearContainer(BUCKET);
  }

  /** How many objects the bucket holds. */
  long objects() {
    return memory.getBlobStore().countBlobs(BUCKET);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failed) {
      throw new IllegalStateException("The S3 server did not end", failed);
    }
    memory.close();
  }
}
