package io.mybella.local.cli;

import io.mybella.local.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;

/** Lists the settings below the options, so that the help cannot drift from the code. */
final class SettingsInHelp implements IModelTransformer {

  @Override
  public CommandSpec transform(CommandSpec command) {
    List<String> lines = new ArrayList<>();
    lines.add("%nSettings, from the environment or from mybella.properties in this folder:");
    for (Setting setting : Setting.values()) {
      String initial = setting.defaultValue().isEmpty() ? "(none)" : setting.defaultValue();
      lines.add(
          "  %-31s %-11s %s"
              .formatted(setting.name(), initial, setting.meaning())
              .replace("%", "%%"));
    }
    lines.add("Every other MYBELLA_ name is handed to the services, for example");
    lines.add("MYBELLA_MODEL_BASE_URL and MYBELLA_ELEVENLABS_API_KEY.");
    command.usageMessage().footer(lines.toArray(String[]::new)).width(120);
    return command;
  }
}
