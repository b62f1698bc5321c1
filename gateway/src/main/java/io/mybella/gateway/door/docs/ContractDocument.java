package io.mybella.gateway.door.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** The published OpenAPI document, kept in the contracts module and served as it is there. */
@Component
class ContractDocument {

  private static final String FILE = "contracts/openapi/mybella.yaml";

  private final String yaml;
  private final String json;

  ContractDocument() throws IOException {
    this.yaml = new ClassPathResource(FILE).getContentAsString(UTF_8);
    // A mapper of its own: the platform's would respell names.
    this.json = JsonMapper.shared().writeValueAsString(servedFromHere(yaml));
  }

  String yaml() {
    return yaml;
  }

  String json() {
    return json;
  }

  /** Whoever reads the document here tries it here, whatever the gateway's address is. */
  private static Map<String, Object> servedFromHere(String yaml) {
    Map<String, Object> document =
        new LinkedHashMap<>(new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml));
    document.put("servers", List.of(Map.of("url", "/")));
    return document;
  }
}
