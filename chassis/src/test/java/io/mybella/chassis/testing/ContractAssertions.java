package io.mybella.chassis.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.contracts.ContractFiles;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.stream.config.BindingServiceProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds a service to the OpenAPI and AsyncAPI documents, in both directions. */
public final class ContractAssertions {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  /** Where the server itself goes with what it refused; nobody can ask for it. */
  private static final String ERROR_PAGE = "/error";

  /** What is the operator's alone is promised to nobody. */
  private static final String OPERATOR = "/internal/";

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

  /**
   * Asserts that the service listens to exactly the topics that the AsyncAPI document says.
   *
   * @param context of the running service
   */
  public static void assertListensToItsPartOfTheContract(ApplicationContext context) {
    Set<String> bound = new TreeSet<>();
    context
        .getBean(BindingServiceProperties.class)
        .getBindings()
        .forEach(
            (name, binding) -> {
              if (name.contains("-in-")) {
                bound.add(binding.getDestination());
              }
            });
    assertThat(bound).isEqualTo(topics(context, "receive"));
  }

  /**
   * Asserts that the topics which the service declares as its own to write ({@code
   * mybella.events.topics}) are exactly those that the AsyncAPI document says it sends to. What the
   * document calls planned it must not send to yet.
   *
   * @param context of the running service
   */
  public static void assertTellsItsPartOfTheContract(ApplicationContext context) {
    List<String> declared =
        Binder.get(context.getEnvironment())
            .bind("mybella.events.topics", Bindable.listOf(String.class))
            .orElse(List.of());
    assertThat(declared)
        .as("mybella.events.topics")
        .containsExactlyInAnyOrderElementsOf(topics(context, "send"));
  }

  /** The topics of the service's operations of a kind. */
  @SuppressWarnings("unchecked") // YAML maps are untyped
  private static Set<String> topics(ApplicationContext context, String action) {
    String service = context.getEnvironment().getRequiredProperty("spring.application.name");
    Map<String, Object> document =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(ContractFiles.asyncApi());
    var channels = (Map<String, Map<String, String>>) document.get("channels");
    var operations = (Map<String, Map<String, Object>>) document.get("operations");
    Set<String> topics = new TreeSet<>();
    for (Map<String, Object> operation : operations.values()) {
      if (operation.get("action").equals(action)
          && !Boolean.TRUE.equals(operation.get("x-planned"))
          && ((List<String>) operation.get("x-services")).contains(service)) {
        String channel = ((Map<String, String>) operation.get("channel")).get("$ref");
        topics.add(channels.get(channel.substring("#/channels/".length())).get("address"));
      }
    }
    return topics;
  }

  private static Set<String> served(ApplicationContext context) {
    Set<String> operations = new TreeSet<>();
    context
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(
            mapping ->
                mapping.getPatternValues().stream()
                    .filter(pattern -> !pattern.equals(ERROR_PAGE))
                    .filter(pattern -> !pattern.startsWith(OPERATOR))
                    .forEach(
                        pattern ->
                            methods(mapping)
                                .forEach(method -> operations.add(operation(method, pattern)))));
    return operations;
  }

  /** A mapping that names no method answers all of them, which no document promises. */
  private static Set<String> methods(RequestMappingInfo mapping) {
    Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
    return methods.isEmpty()
        ? Set.of("any")
        : methods.stream().map(RequestMethod::name).collect(Collectors.toSet());
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
