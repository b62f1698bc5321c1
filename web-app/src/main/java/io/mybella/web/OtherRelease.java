package io.mybella.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.web.servlet.resource.ResourceResolver;
import org.springframework.web.servlet.resource.ResourceResolverChain;

/**
 * Finds the files of another release, for its pages: those that it has shared, else those of this
 * release by the same name. While gateways are exchanged one by one, the page comes from one of
 * them and its files from any; modules of two releases need not fit together.
 *
 * <p>A path begins with the digest of the other release, such as {@code 3f2a90c1d4e8/web/app/x.js}.
 *
 * @param store where releases share their files
 * @param locations where the files of a folder of this release are, such as {@code web/app}
 */
record OtherRelease(ReleaseStore store, Map<String, Resource> locations)
    implements ResourceResolver {

  /** What is not worth asking for is not asked for: these paths are anybody's to write. */
  private static final Pattern SHARED = Pattern.compile("([0-9a-f]{12})/([A-Za-z0-9._/-]{1,100})");

  @Override
  public @Nullable Resource resolveResource(
      @Nullable HttpServletRequest request,
      String path,
      List<? extends Resource> root,
      ResourceResolverChain chain) {
    return shared(path).orElseGet(() -> ofThisRelease(request, path, chain));
  }

  private Optional<Resource> shared(String path) {
    var parts = SHARED.matcher(path);
    return parts.matches()
        ? store.find(parts.group(1), parts.group(2)).map(file -> new SharedFile(path, file))
        : Optional.empty();
  }

  private @Nullable Resource ofThisRelease(
      @Nullable HttpServletRequest request, String path, ResourceResolverChain chain) {
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

  /** A file whose name tells its type. */
  private static final class SharedFile extends ByteArrayResource {

    private final String path;

    private SharedFile(String path, byte[] content) {
      super(content);
      this.path = path;
    }

    @Override
    public String getFilename() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }
}
