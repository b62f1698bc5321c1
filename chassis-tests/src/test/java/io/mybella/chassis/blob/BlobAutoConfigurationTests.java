package io.mybella.chassis.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.services.s3.S3Client;

class BlobAutoConfigurationTests {

  @TempDir Path folder;

  private final ApplicationContextRunner service =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(BlobAutoConfiguration.class))
          .withPropertyValues("spring.application.name=probe-service");

  @Test
  void filesAreKeptInAFolderWithoutTheS3Client() {
    service
        .withClassLoader(new FilteredClassLoader("software.amazon.awssdk"))
        .withPropertyValues("mybella.blobs.folder=" + folder)
        .run(
            context -> {
              context.getBean(BlobStore.class).put("a/b", new byte[] {1});
              assertThat(folder.resolve("probe-service/a/b")).hasBinaryContent(new byte[] {1});
            });
  }

  @Test
  void filesAreKeptInABucketWhenItIsNamed() {
    service
        .withPropertyValues("mybella.blobs.kind=s3", "mybella.blobs.s3.bucket=pictures")
        .run(
            context ->
                assertThat(context).getBean(BlobStore.class).isInstanceOf(S3BlobStore.class));
  }

  @Test
  void aServiceDoesNotStartWithABucketThatHasNoName() {
    service
        .withPropertyValues("mybella.blobs.kind=s3")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("mybella.blobs.s3.bucket must be named"));
  }

  @Test
  void aServiceWithoutTheS3ClientHasNoStoreInABucket() {
    service
        .withClassLoader(new FilteredClassLoader(S3Client.class))
        .withPropertyValues("mybella.blobs.kind=s3", "mybella.blobs.s3.bucket=pictures")
        .run(context -> assertThat(context).doesNotHaveBean(BlobStore.class));
  }
}
