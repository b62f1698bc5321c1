package io.mybella.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A project folder as {@code ./mybella} sees it: the script, this module's jar, the program that
 * stands in for ElevenLabs, and in place of the five services' jars five stand-ins.
 */
final class StandInProject {

  private StandInProject() {}

  static Path in(Path folder) throws IOException {
    Path root = LocalPlatform.projectRoot();
    Path built = root.resolve("local-stack/target");
    Path target = Files.createDirectories(folder.resolve("local-stack/target"));
    Files.createSymbolicLink(target.resolve("local-stack.jar"), built.resolve("local-stack.jar"));
    Files.createSymbolicLink(target.resolve("lib"), built.resolve("lib"));
    Path fake = Path.of("fake-elevenlabs/target");
    Files.createDirectories(folder.resolve(fake));
    for (String made : new String[] {"fake-elevenlabs.jar", "lib"}) {
      Files.createSymbolicLink(
          folder.resolve(fake).resolve(made), root.resolve(fake).resolve(made));
    }
    for (Path file : new Path[] {Path.of("mybella"), Path.of("local-stack/supervisor.args")}) {
      Files.copy(root.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    for (Service service : Service.values()) {
      pack(service, folder, target.resolve("services"));
    }
    return folder;
  }

  /** Both what the build makes and what is extracted of it: Boot's own tools are not in there. */
  private static void pack(Service service, Path folder, Path extracted) throws IOException {
    Path jar = service.jar(folder);
    Files.createDirectories(jar.getParent());
    pack(service, jar);
    try (JarFile file = new JarFile(jar.toFile())) {
      Path home = extracted.resolve(service.module() + "-" + ServiceJar.key(file));
      Files.createDirectories(home.resolve("lib"));
      Files.copy(jar, home.resolve(jar.getFileName()));
    }
  }

  private static void pack(Service service, Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(new Attributes.Name("Start-Class"), StandInService.class.getName());
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, manifest)) {
      zip.putNextEntry(new JarEntry("stand-in-name"));
      zip.write(service.module().getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
      String name = StandInService.class.getName().replace('.', '/') + ".class";
      zip.putNextEntry(new JarEntry(name));
      try (InputStream in = StandInService.class.getClassLoader().getResourceAsStream(name)) {
        in.transferTo(zip);
      }
      zip.closeEntry();
    }
  }

  static String get(URI address) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(2_000);
    connection.setReadTimeout(5_000);
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      connection.disconnect();
    }
  }
}
