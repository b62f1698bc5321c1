package io.mybella.chassis.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service may rely on, whichever store is behind the seam. */
abstract class BlobStoreContract {

  /** A store that holds nothing. */
  abstract BlobStore blobs();

  @Test
  void anObjectComesBackAsItWasStoredAndIsReplacedAsAWhole() {
    BlobStore blobs = blobs();
    blobs.put("a/b.png", new byte[] {1, 2, 3});
    blobs.put("a/b.png", new byte[] {4});
    assertThat(blobs.get("a/b.png")).hasValue(new byte[] {4});
  }

  @Test
  void theLargestUploadComesBackUnchanged() {
    BlobStore blobs = blobs();
    byte[] sample = new byte[10 * 1024 * 1024];
    new Random(7).nextBytes(sample);
    blobs.put("voices/7/sample.wav", sample);
    assertThat(blobs.get("voices/7/sample.wav"))
        .hasValueSatisfying(kept -> assertThat(kept).isEqualTo(sample));
  }

  @Test
  void aMissingObjectIsEmptyAndMayBeDeleted() {
    BlobStore blobs = blobs();
    blobs.delete("a/none");
    assertThat(blobs.get("a/none")).isEmpty();
  }

  @Test
  void aDeletedObjectIsGone() {
    BlobStore blobs = blobs();
    blobs.put("a/x", new byte[1]);
    blobs.delete("a/x");
    assertThat(blobs.get("a/x")).isEmpty();
  }

  @Test
  void aPrefixRemovesWhatIsBelowItAndNothingBeside() {
    BlobStore blobs = blobs();
    blobs.put("a/1/x", new byte[1]);
    blobs.put("a/1/y/z", new byte[1]);
    blobs.put("a/10/x", new byte[1]);
    assertThat(blobs.deleteAll("a/1/")).isEqualTo(2);
    assertThat(blobs.deleteAll("a/1/")).isZero();
    assertThat(blobs.get("a/1/y/z")).isEmpty();
    assertThat(blobs.get("a/10/x")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x", "a/../x", "/etc/x", "a//x", "A", "a b", "", "a/.hidden", "a\u0000"})
  void aKeyThatNoServiceGeneratesIsRefused(String key) {
    BlobStore blobs = blobs();
    assertThatIllegalArgumentException().isThrownBy(() -> blobs.put(key, new byte[1]));
    assertThatIllegalArgumentException().isThrownBy(() -> blobs.get(key));
    assertThatIllegalArgumentException().isThrownBy(() -> blobs.delete(key));
    assertThatIllegalArgumentException().isThrownBy(() -> blobs.deleteAll(key + "/"));
  }

  @Test
  void aPrefixEndsWithASlash() {
    BlobStore blobs = blobs();
    assertThatIllegalArgumentException().isThrownBy(() -> blobs.deleteAll("a"));
  }
}
