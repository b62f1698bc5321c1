package io.mybella.gateway.door.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the files of the page to try the API: Swagger UI and the script that starts it. */
@Configuration(proxyBeanMethods = false)
class DocsConfiguration implements WebMvcConfigurer {

  private static final String LIBRARY = "META-INF/resources/webjars/swagger-ui/";

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler("/docs/files/*.js", "/docs/files/*.css")
        .addResourceLocations("classpath:/docs/", library())
        .setCacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic());
  }

  /** The one version in the class path; the build decides which. */
  private static String library() {
    try {
      Resource[] found =
          new PathMatchingResourcePatternResolver()
              .getResources("classpath*:" + LIBRARY + "*/swagger-ui-bundle.js");
      if (found.length != 1) {
        throw new IllegalStateException("One WebJar of Swagger UI expected");
      }
      String url = found[0].getURL().toString();
      return "classpath:/" + url.substring(url.lastIndexOf(LIBRARY), url.lastIndexOf('/') + 1);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
