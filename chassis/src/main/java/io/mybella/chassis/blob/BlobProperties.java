package io.mybella.chassis.blob;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where binary objects are kept.
 *
 * @param kind a folder on this machine, or a bucket that all replicas reach
 * @param folder the root; each service uses a folder of its own name below it
 * @param s3 the bucket
 */
@Validated
@ConfigurationProperties("mybella.blobs")
record BlobProperties(
    @DefaultValue("folder") Kind kind,
    @DefaultValue(".mybella/blobs") Path folder,
    @DefaultValue @Valid S3 s3) {

  enum Kind {
    FOLDER,
    S3
  }

  @AssertTrue(message = "mybella.blobs.s3.bucket must be named when blobs are kept in S3")
  boolean isBucketNamed() {
    return kind != Kind.S3 || !s3.bucket().isBlank();
  }

  /**
   * A bucket of an S3-compatible store.
   *
   * @param bucket its name; it must be there, and the service may read, write, delete and list
   * @param region of the bucket; stores other than Amazon's take any
   * @param endpoint of the store; empty for Amazon's
   * @param pathStyle whether the bucket is named in the path and not in the host, as most stores
   *     other than Amazon's want it
   * @param accessKey empty to have the SDK find credentials by itself (environment, web identity,
   *     instance profile)
   * @param secretKey belongs to the access key
   * @param attemptTimeout the longest that one attempt takes
   * @param timeout the longest that a call takes with its repetitions
   */
  record S3(
      @DefaultValue("") String bucket,
      @DefaultValue("us-east-1") String region,
      @DefaultValue("") String endpoint,
      @DefaultValue("false") boolean pathStyle,
      @DefaultValue("") String accessKey,
      @DefaultValue("") String secretKey,
      @DefaultValue("5s") Duration attemptTimeout,
      @DefaultValue("12s") Duration timeout) {

    Optional<URI> endpointUri() {
      return endpoint.isBlank() ? Optional.empty() : Optional.of(URI.create(endpoint));
    }

    /** Without the secret, so that it never gets into a log. */
    @Override
    public String toString() {
      return "S3[bucket=%s, region=%s, endpoint=%s]".formatted(bucket, region, endpoint);
    }
  }
}
