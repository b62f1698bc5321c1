package io.mybella.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * The files of the web app and of the libraries it imports, under an address that names their
 * content: {@code /assets/<digest>/…}. Whatever changes gets a new address, so browsers may keep
 * every file for good.
 */
@Component
final class Assets {

  /** Where the platform's own files are below {@link #root()}. */
  static final String APP = "web";

  /** And where in the class path. */
  static final String FILES = "mybella/" + APP;

  private static final int DIGEST_LENGTH = 12;

  private static final List<Library> IMPORTED =
      List.of(
          new Library("lit", "lit", "index.js"),
          new Library("lit-html", "lit-html", "lit-html.js"),
          new Library("lit-element", "lit-element", "index.js"),
          new Library("@lit/reactive-element", "lit__reactive-element", "reactive-element.js"));

  private final List<Resource> files;
  private final List<Library> libraries;
  private final String digest;

  Assets() {
    var resolver = new PathMatchingResourcePatternResolver();
    this.files = files(resolver);
    this.libraries = IMPORTED.stream().map(library -> library.find(resolver)).toList();
    this.digest = digestOfAll();
  }

  /** What names the content of all files, such as {@code 3f2a90c1d4e8}. */
  String digest() {
    return digest;
  }

  /** Where everything is served from, such as {@code /assets/3f2a90c1d4e8}. */
  String root() {
    return "/assets/" + digest;
  }

  /** The libraries that the app's modules import by name. */
  List<Library> libraries() {
    return libraries;
  }

  /** Addresses of the app's own modules, in the order of their names. */
  List<String> modules() {
    return files.stream()
        .map(Assets::name)
        .filter(name -> name.startsWith("app/") && name.endsWith(".js"))
        .map(name -> root() + "/" + APP + "/" + name)
        .toList();
  }

  /** All that pages load, by its path below {@link #root()}. */
  Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (Resource file : files) {
      if (!name(file).startsWith("pages/")) {
        contents.put(APP + "/" + name(file), content(file));
      }
    }
    for (Library library : libraries) {
      for (Resource module : library.modules()) {
        contents.put(library.folder() + "/" + library.path(module), content(module));
      }
    }
    return contents;
  }

  private static List<Resource> files(ResourcePatternResolver resolver) {
    try {
      return Arrays.stream(resolver.getResources("classpath:" + FILES + "/**"))
          .filter(Resource::isReadable)
          .sorted(Comparator.comparing(Assets::name))
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private String digestOfAll() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (Resource file : files) {
        digest.update(bytes(name(file)));
        digest.update(content(file));
      }
      libraries.forEach(library -> digest.update(bytes(library.location())));
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST_LENGTH);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256", absent);
    }
  }

  private static byte[] content(Resource file) {
    try {
      return file.getContentAsByteArray();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** The path of one of our files below {@code web/}. */
  private static String name(Resource file) {
    try {
      String url = file.getURL().toString();
      return url.substring(url.lastIndexOf("/" + FILES + "/") + FILES.length() + 2);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * A library that modules import by name.
   *
   * @param name what the import says
   * @param folder the name of its WebJar; once found, the folder below {@link #root()}
   * @param entry the module that the bare name stands for
   * @param location where its files are in the class path; empty until found
   */
  record Library(String name, String folder, String entry, String location) {

    Library(String name, String folder, String entry) {
      this(name, folder, entry, "");
    }

    /** Finds the one version that is in the class path; the build decides which. */
    private Library find(ResourcePatternResolver resolver) {
      String webJar = "META-INF/resources/webjars/" + folder + "/";
      try {
        List<String> found =
            Stream.of(resolver.getResources("classpath*:" + webJar + "*/package.json"))
                .map(Library::url)
                .map(url -> url.substring(url.lastIndexOf(webJar), url.lastIndexOf('/') + 1))
                .distinct()
                .toList();
        if (found.size() != 1) {
          throw new IllegalStateException(
              "One WebJar of " + name + " expected, but found " + found);
        }
        return new Library(name, folder, entry, "classpath:/" + found.getFirst());
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    /** What browsers load of it: no variants for developers or for servers. */
    private List<Resource> modules() {
      try {
        return Stream.of(
                new PathMatchingResourcePatternResolver().getResources(location + "**/*.js"))
            .filter(module -> !path(module).matches("(development|node)/.*"))
            .toList();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    /** The path of one of its files below its folder. */
    private String path(Resource file) {
      String webJar = location.substring("classpath:".length());
      String url = url(file);
      return url.substring(url.lastIndexOf(webJar) + webJar.length());
    }

    private static String url(Resource resource) {
      try {
        return resource.getURL().toString();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
