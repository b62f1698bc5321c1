package io.mybella.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceJarTests {

  private static final String INDEX =
      """
      - "BOOT-INF/lib/zeta.jar"
      - "BOOT-INF/lib/alpha.jar"
      """;

  @TempDir private Path folder;

  @Test
  void theClassPathHasTheClassesFirstAndTheLibrariesInTheOrderOfTheIndex() throws IOException {
    ServiceJar unpacked = ServiceJar.unpack(jar("one", "code"), folder.resolve("target"));

    assertThat(unpacked.mainClass()).isEqualTo("io.mybella.Main");
    assertThat(unpacked.classPath()).hasSize(3).allSatisfy(jar -> assertThat(jar).exists());
    try (JarFile classes = new JarFile(unpacked.classPath().getFirst().toFile())) {
      assertThat(classes.getEntry("io/mybella/Main.class")).isNotNull();
    }
    assertThat(unpacked.classPath().get(1).toString()).endsWith("-zeta.jar");
    assertThat(unpacked.classPath().get(2).toString()).endsWith("-alpha.jar");
  }

  /** Flyway and Spring list what is in a folder of the class path by the folder's own entry. */
  @Test
  void theFoldersOfTheClassesAreKept() throws IOException {
    ServiceJar unpacked = ServiceJar.unpack(jar("one", "code"), folder.resolve("target"));

    try (JarFile classes = new JarFile(unpacked.classPath().getFirst().toFile())) {
      assertThat(classes.stream().map(JarEntry::getName)).contains("db/migration/");
    }
  }

  @Test
  void equalLibrariesOfTwoServicesAreStoredOnce() throws IOException {
    ServiceJar one = ServiceJar.unpack(jar("one", "code"), folder.resolve("target"));
    ServiceJar two = ServiceJar.unpack(jar("two", "other code"), folder.resolve("target"));
    assertThat(two.key()).isNotEqualTo(one.key());
    assertThat(two.classPath().subList(1, 3)).isEqualTo(one.classPath().subList(1, 3));
    assertThat(two.classPath().getFirst()).isNotEqualTo(one.classPath().getFirst());
  }

  @Test
  void theSameContentBuiltAgainIsTheSameToTheJvm() throws IOException {
    ServiceJar first = ServiceJar.unpack(jar("one", "code"), folder.resolve("first"));
    ServiceJar second = ServiceJar.unpack(jar("one", "code"), folder.resolve("second"));
    assertThat(second.key()).isEqualTo(first.key());
    for (int i = 0; i < 3; i++) {
      assertThat(Files.getLastModifiedTime(second.classPath().get(i)))
          .isEqualTo(Files.getLastModifiedTime(first.classPath().get(i)));
    }
  }

  @Test
  void aPlainJarIsNamedAsNotExecutable() throws IOException {
    Path plain = folder.resolve("plain.jar");
    try (OutputStream out = Files.newOutputStream(plain);
        JarOutputStream zip = new JarOutputStream(out, new Manifest())) {
      zip.putNextEntry(new JarEntry("a.txt"));
    }
    assertThatThrownBy(() -> ServiceJar.unpack(plain, folder.resolve("target")))
        .hasMessageContaining("plain.jar is not an executable jar");
  }

  private Path jar(String name, String code) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(new Attributes.Name("Start-Class"), "io.mybella.Main");
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("BOOT-INF/classes/", "");
    entries.put("BOOT-INF/classes/db/migration/", "");
    entries.put("BOOT-INF/classes/io/mybella/Main.class", code);
    entries.put("BOOT-INF/lib/", "");
    entries.put("BOOT-INF/lib/alpha.jar", "the library alpha");
    entries.put("BOOT-INF/lib/zeta.jar", "the library zeta");
    entries.put("BOOT-INF/classpath.idx", INDEX);
    Path jar = folder.resolve(name + ".jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new JarEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return jar;
  }
}
