package io.mybella.gateway.web;

import java.time.Duration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the files of the web app, for browsers to keep for good. */
@Configuration(proxyBeanMethods = false)
class WebAppConfiguration implements WebMvcConfigurer {

  private static final CacheControl FOR_GOOD =
      CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

  private final Assets assets;

  WebAppConfiguration(Assets assets) {
    this.assets = assets;
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    for (String folder : new String[] {"app", "styles", "icons", "images"}) {
      serve(registry, Assets.APP + "/" + folder, "classpath:/" + Assets.APP + "/" + folder + "/");
    }
    for (Assets.Library library : assets.libraries()) {
      serve(registry, library.folder(), library.location());
    }
  }

  private void serve(ResourceHandlerRegistry registry, String folder, String location) {
    registry
        .addResourceHandler(assets.root() + "/" + folder + "/**")
        .addResourceLocations(location)
        .setCacheControl(FOR_GOOD)
        // Their address names their content; a date would only add a useless question.
        .setUseLastModified(false);
  }
}
