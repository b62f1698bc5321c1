package io.mybella.local.cli;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** The last step of a build by the script: what a first start would do otherwise. */
@Command(name = "extract", description = "Extracts the services' jars.", hidden = true)
final class Extract implements Callable<Integer> {

  @ParentCommand private MyBella mybella;

  // Picocli fills the field above.
  @SuppressWarnings("NullAway.Init")
  Extract() {}

  @Override
  public Integer call() throws IOException {
    LocalPlatform.extractJars(mybella.settings());
    return 0;
  }
}
