package io.mybella.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The web app, for whoever imports it: its pages, and its files, for browsers to keep for good. It
 * needs a {@link WaysToSignIn}, for what the pages offer, and a {@link ReleaseStore}, for the files
 * of other releases.
 */
@Configuration(proxyBeanMethods = false)
@Import({Assets.class, PageController.class, KeptRelease.class})
public class WebAppConfiguration implements WebMvcConfigurer {

  private static final CacheControl FOR_GOOD =
      CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

  private final Assets assets;
  private final ReleaseStore store;
  private final ResourceLoader resources;

  WebAppConfiguration(Assets assets, ReleaseStore store, ResourceLoader resources) {
    this.assets = assets;
    this.store = store;
    this.resources = resources;
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    Map<String, Resource> locations = new LinkedHashMap<>();
    for (String folder : List.of("app", "styles", "icons", "images")) {
      locations.put(
          Assets.APP + "/" + folder,
          resources.getResource("classpath:/" + Assets.FILES + "/" + folder + "/"));
    }
    for (Assets.Library library : assets.libraries()) {
      locations.put(library.folder(), resources.getResource(library.location()));
    }
    locations.forEach((folder, location) -> serve(registry, folder, location));
    // Of another release: never to be kept, because the address names other content.
    registry
        .addResourceHandler("/assets/**")
        .addResourceLocations("classpath:/" + Assets.FILES + "/")
        .setCacheControl(CacheControl.noStore())
        .setUseLastModified(false)
        .resourceChain(false)
        .addResolver(new OtherRelease(store, locations));
  }

  private void serve(ResourceHandlerRegistry registry, String folder, Resource location) {
    registry
        .addResourceHandler(assets.root() + "/" + folder + "/**")
        .addResourceLocations(location)
        .setCacheControl(FOR_GOOD)
        // Their address names their content; a date would only add a useless question.
        .setUseLastModified(false);
  }
}
