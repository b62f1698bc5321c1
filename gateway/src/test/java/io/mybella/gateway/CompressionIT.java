package io.mybella.gateway;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text is sent compressed to those who can read it so; what must not be, is not. */
class CompressionIT extends GatewayTest {

  private static final String LIST = "/api/personas/available";
  private static final String PERSONAS = "[\"%s\"]".formatted("Isabella ".repeat(1000));

  @ParameterizedTest
  @CsvSource({
    "web/app/chat-panel.js, gzip",
    "web/app/shared-styles.js, gzip",
    "lit-html/lit-html.js, gzip",
    "web/images/welcome.webp, "
  })
  void textOfTheWebAppIsCompressedAndPicturesAreNot(String file, String encoding) {
    Matcher assets = Pattern.compile("/assets/[0-9a-f]+/").matcher(browser().get("/login").body());
    assertThat(assets.find()).isTrue();
    String path = assets.group() + file;

    var answer = compressed(browser(), path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(encoding(answer)).isEqualTo(Optional.ofNullable(encoding));
    assertThat(encoding(browser().get(path))).isEmpty();
  }

  @Test
  void listIsCompressedAndItsTagStillAnswers304() throws IOException {
    PERSONA.stubFor(get(LIST).willReturn(json("W/\"7f\"")));
    PERSONA.stubFor(
        get(LIST)
            .withHeader("If-None-Match", equalTo("W/\"7f\""))
            .willReturn(aResponse().withStatus(304).withHeader("ETag", "W/\"7f\"")));
    Browser browser = signedUp();

    var answer = compressed(browser, LIST);
    assertThat(encoding(answer)).contains("gzip");
    assertThat(answer.headers().allValues("Vary")).contains("accept-encoding");
    assertThat(answer.headers().firstValue("ETag")).contains("W/\"7f\"");
    assertThat(unpacked(answer)).isEqualTo(PERSONAS);
    assertThat(answer.body().length).isLessThan(PERSONAS.length() / 10);
    assertThat(browser.get(LIST).body()).isEqualTo(PERSONAS);

    var unchanged = compressed(browser, LIST, "If-None-Match", "W/\"7f\"");
    assertThat(unchanged.statusCode()).isEqualTo(304);
    assertThat(unchanged.headers().firstValue("ETag")).contains("W/\"7f\"");
    assertThat(encoding(unchanged)).isEmpty();
  }

  /** It names these very bytes, and {@code If-Match} relies on that. */
  @Test
  void answerWithAStrongTagStaysAsItIs() {
    PERSONA.stubFor(get("/api/personas/7").willReturn(json("\"3\"")));

    var answer = compressed(signedUp(), "/api/personas/7");

    assertThat(encoding(answer)).isEmpty();
    assertThat(answer.headers().firstValue("ETag")).contains("\"3\"");
    assertThat(answer.body().length).isEqualTo(PERSONAS.length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"audio/mpeg", "image/png", "text/event-stream"})
  void soundPicturesAndEventsStayAsTheyAre(String type) {
    PERSONA.stubFor(
        get("/api/personas/7/avatar")
            .willReturn(
                aResponse().withHeader("Content-Type", type).withBody("Isabella".repeat(1000))));

    var answer = compressed(signedUp(), "/api/personas/7/avatar");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(encoding(answer)).isEmpty();
  }

  /**
   * The length of a compressed answer tells of a secret when the asker chooses what is beside it.
   */
  @Test
  void answersWithASecretAreTooSmallToBeCompressed() {
    Browser browser = signedUp();
    String name = "\"".repeat(100);

    var key =
        browser.bytes(
            "POST",
            "/api/auth/api-keys",
            BodyPublishers.ofString(Browser.json(Map.of("name", name))),
            "Content-Type",
            "application/json",
            "Accept-Encoding",
            "gzip");

    assertThat(key.statusCode()).isEqualTo(201);
    assertThat(encoding(key)).isEmpty();
    assertThat(key.body().length).isLessThan(1000);
  }

  private static ResponseDefinitionBuilder json(String tag) {
    return aResponse()
        .withHeader("Content-Type", "application/json")
        .withHeader("ETag", tag)
        .withBody(PERSONAS);
  }

  private static HttpResponse<byte[]> compressed(Browser browser, String path, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Accept-Encoding";
    all[headers.length + 1] = "gzip";
    return browser.bytes("GET", path, BodyPublishers.noBody(), all);
  }

  private static Optional<String> encoding(HttpResponse<?> answer) {
    return answer.headers().firstValue("Content-Encoding");
  }

  private static String unpacked(HttpResponse<byte[]> answer) throws IOException {
    try (var text = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
