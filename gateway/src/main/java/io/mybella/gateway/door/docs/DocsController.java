package io.mybella.gateway.door.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v3/api-docs} and {@code /docs}. */
@RestController
class DocsController {

  private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, UTF_8);

  /** The page loads only from here; its pictures are data URLs in its style sheet. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final ContractDocument document;
  private final String page;

  DocsController(ContractDocument document) throws IOException {
    this.document = document;
    this.page = new ClassPathResource("docs/page.html").getContentAsString(UTF_8);
  }

  @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> json() {
    return answer(MediaType.APPLICATION_JSON).body(document.json().getBytes(UTF_8));
  }

  @GetMapping(
      path = {"/v3/api-docs", "/v3/api-docs.yaml"},
      produces = MediaType.APPLICATION_YAML_VALUE)
  ResponseEntity<byte[]> yaml() {
    return answer(MediaType.APPLICATION_YAML).body(document.yaml().getBytes(UTF_8));
  }

  @GetMapping("/docs")
  ResponseEntity<String> page() {
    return answer(HTML).header("Content-Security-Policy", POLICY).body(page);
  }

  private static ResponseEntity.BodyBuilder answer(MediaType type) {
    return ResponseEntity.ok().contentType(type).cacheControl(CacheControl.noCache());
  }
}
