package io.mybella.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.web.servlet.resource.ResourceResolver;
import org.springframework.web.servlet.resource.ResourceResolverChain;

/**
 * Finds the files of this release where the page of another one asks for them. While gateways are
 * exchanged one by one, the page comes from one of them and its files from any.
 *
 * <p>A path begins with the digest of the other release, such as {@code 3f2a90c1d4e8/web/app/x.js}.
 *
 * @param locations where the files of a folder are, such as {@code web/app}
 */
record OtherRelease(Map<String, Resource> locations) implements ResourceResolver {

  @Override
  public @Nullable Resource resolveResource(
      @Nullable HttpServletRequest request,
      String path,
      List<? extends Resource> root,
      ResourceResolverChain chain) {
    String file = path.substring(path.indexOf('/') + 1);
    for (Map.Entry<String, Resource> folder : locations.entrySet()) {
      String beginning = folder.getKey() + "/";
      if (file.startsWith(beginning)) {
        return chain.resolveResource(
            request, file.substring(beginning.length()), List.of(folder.getValue()));
      }
    }
    return null;
  }

  @Override
  public @Nullable String resolveUrlPath(
      String path, List<? extends Resource> root, ResourceResolverChain chain) {
    return null;
  }
}
