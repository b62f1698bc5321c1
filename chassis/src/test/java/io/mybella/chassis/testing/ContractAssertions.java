package io.mybella.chassis.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.contracts.ContractFiles;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds a service to the public OpenAPI document, in both directions. */
public final class ContractAssertions {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  private ContractAssertions() {}

  /**
   * Asserts that the service answers exactly the operations that the document assigns to it.
   *
   * @param context of the running service
   * @param service the value of {@code x-service}
   */
  public static void assertServesItsPartOfTheContract(ApplicationContext context, String service) {
    assertThat(served(context)).isEqualTo(promised(service));
  }

  private static Set<String> served(ApplicationContext context) {
    Set<String> operations = new TreeSet<>();
    context
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(
            mapping ->
                mapping
                    .getPatternValues()
                    .forEach(
                        pattern ->
                            mapping
                                .getMethodsCondition()
                                .getMethods()
                                .forEach(
                                    method -> operations.add(operation(method.name(), pattern)))));
    return operations;
  }

  @SuppressWarnings("unchecked") // YAML maps are untyped
  private static Set<String> promised(String service) {
    Set<String> operations = new TreeSet<>();
    var paths = (Map<String, Map<String, Object>>) document().get("paths");
    Objects.requireNonNull(paths)
        .forEach(
            (path, item) ->
                item.forEach(
                    (method, operation) -> {
                      if (METHODS.contains(method)
                          && service.equals(((Map<String, Object>) operation).get("x-service"))) {
                        operations.add(operation(method, path));
                      }
                    }));
    return operations;
  }

  /** Names of path variables carry no meaning on the wire. */
  private static String operation(String method, String path) {
    return method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{[^}]+}", "{}");
  }

  private static Map<String, Object> document() {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(ContractFiles.openApi());
  }
}
