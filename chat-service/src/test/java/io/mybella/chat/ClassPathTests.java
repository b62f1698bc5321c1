package io.mybella.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the service carries is paid for at each start. */
class ClassPathTests {

  @Test
  void withoutEventsAndADatabaseItCarriesNothingForThem() {
    List<String> libraries =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(System.getProperty("java.class.path"))
            .map(each -> new File(each).getName())
            .toList();

    assertThat(libraries)
        .as("what it does carry is seen here")
        .anyMatch(name -> name.startsWith("spring-webmvc-"));
    assertThat(libraries)
        .noneMatch(name -> name.contains("kafka"))
        .noneMatch(name -> name.startsWith("spring-cloud-"))
        .noneMatch(name -> name.startsWith("spring-integration-"))
        .noneMatch(name -> name.startsWith("spring-jdbc-") || name.startsWith("postgresql-"));
  }
}
