package io.mybella.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;
import org.springframework.util.ClassUtils;

class ServiceJarTests {

  @TempDir private Path folder;

  @Test
  void aJarIsExtractedWithItsLibrariesBesideIt() throws IOException {
    ServiceJar service = extract(build("code"));

    assertThat(service.mainClass()).isEqualTo("io.mybella.Main");
    assertThat(service.classPath()).contains(service.jar().toString(), "guard-");
    assertThat(service.files())
        .extracting(file -> file.getFileName().toString().replaceAll("guard-[0-9a-f]{8}", "guard"))
        .startsWith("service.jar", "guard.jar")
        .contains("library.jar");
    try (JarFile jar = new JarFile(service.jar().toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Class-Path"))
          .contains("lib/library.jar");
      // Flyway and Spring list what is in a folder of the class path by the folder's own entry.
      assertThat(jar.stream().map(JarEntry::getName)).contains("db/migration/");
    }
  }

  @Test
  void theSameContentBuiltAgainIsExtractedOnce() throws IOException {
    ServiceJar first = extract(build("code"));
    FileTime time = Files.getLastModifiedTime(first.jar());
    Path again = build("code");
    Files.setLastModifiedTime(again, FileTime.fromMillis(0));
    assertThat(extract(again)).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(first.jar())).isEqualTo(time);
  }

  @Test
  void anotherBuildLeavesTheFilesOfTheOneBefore() throws IOException {
    ServiceJar first = extract(build("one"));
    ServiceJar second = extract(build("another one"));
    assertThat(second.jar()).isNotEqualTo(first.jar());
    assertThat(first.jar()).exists();
    assertThat(second.guard()).isEqualTo(first.guard());
  }

  @Test
  void ofTheBuildsBeforeThatNothingIsKept() throws IOException {
    ServiceJar first = extract(build("one"));
    Files.setLastModifiedTime(first.jar().getParent(), FileTime.fromMillis(0));
    ServiceJar second = extract(build("another one"));
    Files.setLastModifiedTime(second.jar().getParent(), FileTime.fromMillis(1_000));
    ServiceJar third = extract(build("a third one"));
    assertThat(first.jar()).doesNotExist();
    assertThat(List.of(second.jar(), third.jar())).allSatisfy(jar -> assertThat(jar).exists());
  }

  @Test
  void aPlainJarIsNamedAsNotExecutable() throws IOException {
    Path plain = folder.resolve("plain.jar");
    pack(plain, Map.of("a.txt", "text"));
    assertThatThrownBy(() -> extract(plain))
        .hasMessageContaining("plain.jar is not an executable jar");
  }

  private ServiceJar extract(Path jar) throws IOException {
    return ServiceJar.extract(jar, folder.resolve("target"));
  }

  /** What Spring Boot's Maven plugin makes of a service. */
  private Path build(String code) throws IOException {
    Path plain = folder.resolve("plain-service.jar");
    pack(
        plain,
        Map.of(
            "db/", "",
            "db/migration/", "",
            "db/migration/V1__first.sql", "",
            "io/mybella/Main.class", code));
    Path library = folder.resolve("library.jar");
    if (!Files.exists(library)) {
      // Made anew it would hold another time.
      pack(library, Map.of("a.txt", "text"));
    }
    Files.setLastModifiedTime(library, FileTime.fromMillis(1_000_000_000_000L));
    Path jar = folder.resolve("service.jar");
    Repackager repackager = new Repackager(plain.toFile());
    repackager.setMainClass("io.mybella.Main");
    repackager.repackage(
        jar.toFile(),
        libraries -> {
          libraries.library(new Library(library.toFile(), LibraryScope.COMPILE));
          // Boot's tools in the jar use these, which every service has.
          libraries.library(new Library(jarOf(ClassUtils.class), LibraryScope.COMPILE));
          libraries.library(new Library(jarOf(LogFactory.class), LibraryScope.COMPILE));
        });
    return jar;
  }

  private static File jarOf(Class<?> type) {
    return new File(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static void pack(Path jar, Map<String, String> entries) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
        zip.putNextEntry(new JarEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
  }
}
