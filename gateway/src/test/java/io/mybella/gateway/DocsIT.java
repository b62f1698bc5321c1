package io.mybella.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

// A provider, which nobody asks: without one not all of the contract is served.
@TestPropertySource(
    properties = {
      "mybella.oidc.issuer=https://id.example.org",
      "mybella.oidc.client-id=mybella",
      "mybella.oidc.client-secret=a-secret"
    })
class DocsIT extends GatewayTest {

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mappings;

  @Test
  void theContractIsServedAsJsonAndYaml() {
    JsonNode document = Browser.json(browser().get("/v3/api-docs"));
    var yaml = browser().get("/v3/api-docs.yaml");
    var negotiated = browser().get("/v3/api-docs", "Accept", "application/yaml");

    assertThat(document.get("openapi").asString()).startsWith("3.1");
    assertThat(
            document.get("paths").has("/api/personas/{persona_id}")
                || document.get("paths").has("/api/personas/{id}"))
        .isTrue();
    assertThat(document.get("servers").get(0).get("url").asString()).isEqualTo("/");
    assertThat(yaml.body()).startsWith("openapi: 3.1");
    assertThat(negotiated.body()).isEqualTo(yaml.body());
  }

  @Test
  void theGatewayAnswersExactlyItsPartOfTheContract() {
    Set<String> promised = new TreeSet<>();
    Browser.json(browser().get("/v3/api-docs"))
        .get("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, operation) -> {
                      if (operation.path("x-service").asString("").equals("gateway")) {
                        promised.add(operation(method, path));
                      }
                    }));

    assertThat(served()).isNotEmpty().isEqualTo(promised);
  }

  @Test
  void thePageLoadsOnlyFilesOfTheGatewayAndRunsNoInlineScript() {
    var page = browser().get("/docs");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().allValues("Content-Security-Policy")).hasSize(1);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe");
    for (String file : new String[] {"swagger-ui.css", "swagger-ui-bundle.js", "start.js"}) {
      assertThat(page.body()).contains("/docs/files/" + file);
      assertThat(browser().get("/docs/files/" + file).statusCode()).as(file).isEqualTo(200);
    }
    assertThat(page.body()).doesNotContain("<script>", "<style", " style=", " onload=");
    assertThat(browser().get("/webjars/swagger-ui/5.30.1/index.html").statusCode()).isEqualTo(404);
  }

  /** Operations below the paths that the contract speaks of; pages are not among them. */
  private Set<String> served() {
    Set<String> operations = new TreeSet<>();
    mappings
        .getHandlerMethods()
        .keySet()
        .forEach(
            mapping ->
                mapping.getPatternValues().stream()
                    .filter(path -> path.startsWith("/api/") || path.startsWith("/.well-known/"))
                    .forEach(
                        path ->
                            mapping
                                .getMethodsCondition()
                                .getMethods()
                                .forEach(
                                    method -> operations.add(operation(method.name(), path)))));
    return operations;
  }

  private static String operation(String method, String path) {
    return method.toUpperCase(java.util.Locale.ROOT) + " " + path.replaceAll("\\{[^}]+}", "{}");
  }
}
