package io.mybella.persona.avatar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.mybella.persona.testing.HostilePictures;
import io.mybella.persona.testing.Pictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.ByteArrayResource;

class PictureStudioTests {

  private static final Duration SOON = Duration.ofSeconds(20);

  /** Milliseconds on an idle machine. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private final PictureStudio studio = new PictureStudio(properties(Map.of()));

  @AfterEach
  void close() {
    studio.close();
  }

  @ParameterizedTest
  @CsvSource({"png,1024,512,PNG", "jpg,2000,1000,JPEG", "gif,1300,650,PNG"})
  void aLargePictureIsScaledToTheSideThatIsKept(
      String format, int width, int height, Picture.Kind kind) {
    Picture picture = redraw(Pictures.of(format, width, height));

    BufferedImage drawn = Pictures.decode(picture.bytes());
    assertThat(picture.kind()).isEqualTo(kind);
    assertThat(drawn.getWidth()).isEqualTo(512);
    assertThat(drawn.getHeight()).isEqualTo(256);
    assertThat(isRed(drawn, 20, 128)).isTrue();
    assertThat(isRed(drawn, 492, 128)).isFalse();
  }

  @Test
  void aSmallPictureKeepsItsSize() {
    BufferedImage drawn = Pictures.decode(redraw(Pictures.of("png", 100, 40)).bytes());

    assertThat(drawn.getWidth()).isEqualTo(100);
    assertThat(drawn.getHeight()).isEqualTo(40);
  }

  @Test
  void aVeryLongPictureKeepsAtLeastOnePixelOfEachSide() {
    BufferedImage drawn = Pictures.decode(redraw(Pictures.of("png", 9000, 2)).bytes());

    assertThat(drawn.getWidth()).isLessThanOrEqualTo(512);
    assertThat(drawn.getHeight()).isEqualTo(1);
  }

  @Test
  void transparencySurvives() {
    Picture picture = redraw(Pictures.transparentPng(600));

    assertThat(picture.kind()).isEqualTo(Picture.Kind.PNG);
    assertThat(Pictures.decode(picture.bytes()).getRGB(3, 3) >>> 24).isZero();
  }

  @Test
  void webpIsRead() {
    assertThat(Pictures.decode(redraw(Pictures.webp()).bytes()).getWidth()).isEqualTo(1);
    assertThat(Pictures.decode(redraw(Pictures.lossyWebp()).bytes()).getWidth()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    // how the camera was held, then where the red half is in the upright picture
    "1,10,100,310,100", "2,310,100,10,100", "3,310,100,10,100", "4,10,100,310,100",
    "5,100,10,100,310", "6,100,10,100,310", "7,100,310,100,10", "8,100,310,100,10"
  })
  void aPhotoIsTurnedUprightBeforeItsMetadataGoes(
      int orientation, int redX, int redY, int blueX, int blueY) {
    byte[] photo = Pictures.withExif(Pictures.of("jpg", 320, 200), orientation, "GPS 48.1,11.6");

    byte[] redrawn = redraw(photo).bytes();

    BufferedImage drawn = Pictures.decode(redrawn);
    assertThat(drawn.getWidth()).isEqualTo(orientation < 5 ? 320 : 200);
    assertThat(isRed(drawn, redX, redY)).isTrue();
    assertThat(isRed(drawn, blueX, blueY)).isFalse();
    assertThat(latin(photo)).contains("GPS 48.1,11.6");
    assertThat(latin(redrawn)).doesNotContain("GPS", "Exif");
  }

  @Test
  void whatIsHiddenBehindAPictureStaysBehind() {
    byte[] polyglot =
        Pictures.join(
            Pictures.of("gif", 20, 20),
            "<script>alert('canary')</script>".getBytes(StandardCharsets.UTF_8));

    assertThat(latin(redraw(polyglot).bytes())).doesNotContain("script", "canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "<html><script>alert(1)</script></html>",
        "%PDF-1.7",
        "BM this would be a bitmap",
        "GIF",
        ""
      })
  void whatIsNoPictureIsRefused(String content) {
    assertRefused(content.getBytes(StandardCharsets.UTF_8), PictureException.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({"50000,50000", "2147483647,2147483647", "25000001,1", "0,10", "-5,10"})
  void aPictureIsRefusedForTheSizeItClaims(int width, int height) {
    assertRefused(Pictures.pngThatClaims(width, height), PictureException.Refused.class);
  }

  @Test
  void anAnimationOfManyFramesIsRefusedAndOneOfFewGivesItsFirst() {
    assertThat(redraw(Pictures.gifOfFrames(500)).kind()).isEqualTo(Picture.Kind.PNG);
    assertRefused(Pictures.gifOfFrames(501), PictureException.Refused.class);
  }

  @Test
  void tooManyBytesAreRefused() {
    byte[] tooLarge = Arrays.copyOf(Pictures.of("png", 10, 10), 5 * 1024 * 1024 + 1);

    assertRefused(tooLarge, PictureException.TooLarge.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif"})
  void aPictureThatIsCutOffIsRefusedWhereverTheCutIs(String format) {
    byte[] picture = Pictures.of(format, 60, 40);
    for (int length = 0; length < picture.length; length++) {
      assertRefused(Arrays.copyOf(picture, length), PictureException.Refused.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "webp"})
  void damageIsRefusedOrDrawnButNeverAFaultOfTheService(String format) {
    byte[] picture = format.equals("webp") ? Pictures.lossyWebp() : Pictures.of(format, 60, 40);
    Random random = new Random(42);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = picture.clone();
      for (int i = 0; i <= round % 4; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(Pictures.decode(redraw(damaged).bytes())).isNotNull();
      } catch (PictureException refusal) {
        assertThat(refusal).isInstanceOf(PictureException.Refused.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.mybella.persona.testing.HostilePictures#all")
  void whatWouldCostTooMuchIsRefusedAtOnce(HostilePictures.Hostile picture) {
    assertTimeout(AT_ONCE, () -> assertRefused(picture.bytes(), PictureException.Refused.class));
  }

  @Test
  void picturesAsCamerasMakeThemAreTaken() {
    assertThat(Pictures.decode(redraw(Pictures.jpeg(4000, 3000, true)).bytes()).getWidth())
        .isEqualTo(512);
    assertThat(Pictures.decode(redraw(HostilePictures.lossless(2400, 1800)).bytes()).getWidth())
        .isEqualTo(512);
  }

  @Test
  void aPictureThatIsNotDrawnInTimeIsGivenUpAndItsThreadIsFree() throws Exception {
    AvatarProperties hasty = properties(Map.of("patience", "1ms"));
    var studio = new PictureStudio(hasty);
    try {
      // One that is taken: what is refused at once may be so within a millisecond.
      var slow = new ByteArrayResource(Pictures.jpeg(4000, 3000, true));
      assertThatExceptionOfType(PictureException.NotNow.class)
          .isThrownBy(() -> studio.redraw(slow))
          .satisfies(PictureStudioTests::isBusy);
      await().atMost(SOON).until(studio::isIdle);
    } finally {
      studio.close();
    }
  }

  @Test
  void moreThanTheQueueHoldsAreRefusedAtOnceAndTheOthersAreDrawn() throws Exception {
    var studio = new PictureStudio(properties(Map.of("queue", "1", "concurrent-decodes", "1")));
    var drawing = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    byte[] picture = Pictures.of("png", 40, 40);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Picture> first =
          callers.submit(
              () ->
                  studio.redraw(
                      new ByteArrayResource(picture) {
                        @Override
                        public InputStream getInputStream() throws IOException {
                          drawing.countDown();
                          awaitQuietly(goOn);
                          return super.getInputStream();
                        }
                      }));
      drawing.await();
      Future<Picture> second = callers.submit(() -> studio.redraw(new ByteArrayResource(picture)));
      await().atMost(SOON).until(() -> studio.waiting() == 1);

      assertThatExceptionOfType(PictureException.NotNow.class)
          .isThrownBy(() -> studio.redraw(new ByteArrayResource(picture)))
          .satisfies(PictureStudioTests::isBusy);
      goOn.countDown();
      assertThat(first.get()).isNotNull();
      assertThat(second.get()).isNotNull();
    } finally {
      goOn.countDown();
      studio.close();
    }
  }

  @Test
  void aChunkThatReachesBeyondAllBytesIsRefused() {
    byte[] picture = Pictures.of("png", 10, 10);
    ByteBuffer.wrap(picture).putInt(33, Integer.MAX_VALUE);

    assertRefused(picture, PictureException.Refused.class);
  }

  private static void isBusy(PictureException.NotNow refusal) {
    assertThat(refusal.again()).isPositive();
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  private static AvatarProperties properties(Map<String, String> set) {
    return new Binder(new MapConfigurationPropertySource(set))
        .bindOrCreate("", AvatarProperties.class);
  }

  private Picture redraw(byte[] upload) {
    return studio.redraw(new ByteArrayResource(upload));
  }

  private void assertRefused(byte[] upload, Class<? extends PictureException> refusal) {
    assertThatExceptionOfType(refusal).isThrownBy(() -> redraw(upload));
  }

  private static boolean isRed(BufferedImage image, int x, int y) {
    Color color = new Color(image.getRGB(x, y));
    return color.getRed() > 200 && color.getBlue() < 60;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
