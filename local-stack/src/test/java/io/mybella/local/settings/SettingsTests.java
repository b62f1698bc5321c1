package io.mybella.local.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTests {

  @TempDir private Path root;

  @Test
  void theEnvironmentComesBeforeTheFileAndTheFileBeforeTheDefault() throws IOException {
    Files.writeString(
        root.resolve("mybella.properties"), "MYBELLA_GATEWAY_PORT=9000\nMYBELLA_KAFKA_PORT=9001\n");
    Settings settings = Settings.read(root, Map.of("MYBELLA_KAFKA_PORT", "9002", "PATH", "/bin"));
    assertThat(settings.number(Setting.MYBELLA_KAFKA_PORT)).isEqualTo(9002);
    assertThat(settings.number(Setting.MYBELLA_GATEWAY_PORT)).isEqualTo(9000);
    assertThat(settings.number(Setting.MYBELLA_CHAT_PORT)).isEqualTo(8084);
    assertThat(settings.home()).isEqualTo(root.resolve(".mybella"));
  }

  @Test
  void whatIsNoSettingOfTheStackIsMeantForTheServices() throws IOException {
    Files.writeString(root.resolve("mybella.properties"), "MYBELLA_MODEL=tiny\n");
    Settings settings =
        Settings.read(
            root, Map.of("MYBELLA_ELEVENLABS_API_KEY", "key", "MYBELLA_KAFKA_PORT", "9002"));
    assertThat(settings.forServices())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("MYBELLA_ELEVENLABS_API_KEY", "key", "MYBELLA_MODEL", "tiny"));
  }

  /** A platform that is run for the start caches must not be charged for what it says. */
  @Test
  void othersTakeThePlaceOfSettingsAndWhatIsMeantForTheServicesCanBeLeftOut() {
    Settings settings =
        Settings.read(
                root, Map.of("MYBELLA_ELEVENLABS_API_KEY", "key", "MYBELLA_KAFKA_PORT", "9002"))
            .withoutServices()
            .with(Map.of("MYBELLA_CHAT_PORT", "9003"));
    assertThat(settings.forServices()).isEmpty();
    assertThat(settings.number(Setting.MYBELLA_KAFKA_PORT)).isEqualTo(9002);
    assertThat(settings.number(Setting.MYBELLA_CHAT_PORT)).isEqualTo(9003);
  }

  @Test
  void aValueThatCannotBeUsedIsNamed() {
    assertRefused("MYBELLA_GATEWAY_PORT", "http");
    assertRefused("MYBELLA_GATEWAY_PORT", "70000");
    assertRefused("MYBELLA_GATEWAY_HEAP", "much");
    assertRefused("MYBELLA_START_LIMIT", "0");
    assertRefused("MYBELLA_AOT", "maybe");
    assertRefused("MYBELLA_FAKE_ELEVENLABS", "true");
    assertRefused("MYBELLA_FAKE_ELEVENLABS_PORT", "0");
    assertRefused("MYBELLA_JIT", "fast");
  }

  @Test
  void aMisspeltNameInTheFileIsNotIgnored() throws IOException {
    Files.writeString(root.resolve("mybella.properties"), "GATEWAY_PORT=9000\n");
    assertThatThrownBy(() -> Settings.read(root, Map.of()))
        .hasMessageContaining("GATEWAY_PORT is no setting");
  }

  private void assertRefused(String name, String value) {
    assertThatThrownBy(() -> Settings.read(root, Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value);
  }
}
