package io.mybella.chassis.blob;

import io.mybella.chassis.blob.BlobProperties.S3;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of an S3-compatible store, below a folder of the service's name: for a
 * platform whose services run in several replicas. A call is tried three times at most and bounded
 * in time as a whole.
 */
final class S3BlobStore implements BlobStore, AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(2);

  private final S3Client s3;
  private final String bucket;
  private final String folder;

  S3BlobStore(S3 settings, String service) {
    this.bucket = settings.bucket();
    this.folder = service + "/";
    this.s3 = client(settings);
  }

  private static S3Client client(S3 settings) {
    var client =
        S3Client.builder()
            .region(Region.of(settings.region()))
            .forcePathStyle(settings.pathStyle())
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(settings.attemptTimeout()))
            // Other stores than Amazon's do not know the newer checksums.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                calls ->
                    calls
                        .retryStrategy(RetryMode.STANDARD)
                        .apiCallAttemptTimeout(settings.attemptTimeout())
                        .apiCallTimeout(settings.timeout()));
    settings.endpointUri().ifPresent(client::endpointOverride);
    if (!settings.accessKey().isEmpty()) {
      client.credentialsProvider(
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())));
    }
    return client.build();
  }

  @Override
  public void put(String key, byte[] content) {
    String object = object(key);
    // One request: a reader sees the old object or the new one, and a cut one leaves nothing.
    call(
        "store",
        key,
        () ->
            s3.putObject(
                request -> request.bucket(bucket).key(object), RequestBody.fromBytes(content)));
  }

  @Override
  public Optional<byte[]> get(String key) {
    String object = object(key);
    return call(
        "read",
        key,
        () -> {
          try {
            return Optional.of(
                s3.getObjectAsBytes(request -> request.bucket(bucket).key(object)).asByteArray());
          } catch (NoSuchKeyException missing) {
            return Optional.empty();
          }
        });
  }

  @Override
  public void delete(String key) {
    String object = object(key);
    call("delete", key, () -> s3.deleteObject(request -> request.bucket(bucket).key(object)));
  }

  @Override
  public int deleteAll(String prefix) {
    String objects = folder + BlobKeys.checkedPrefix(prefix);
    return call(
        "delete",
        prefix,
        () -> {
          int deleted = 0;
          for (S3Object found :
              s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(objects))
                  .contents()) {
            s3.deleteObject(request -> request.bucket(bucket).key(found.key()));
            deleted++;
          }
          return deleted;
        });
  }

  @Override
  public void close() {
    s3.close();
  }

  private String object(String key) {
    return folder + BlobKeys.checked(key);
  }

  private static <T> T call(String verb, String key, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException failed) {
      throw new BlobStoreException("Cannot " + verb + " " + key, failed);
    }
  }
}
