package io.mybella.local.doctor;

import io.mybella.local.settings.Home;
import io.mybella.operator.doctor.Check;
import io.mybella.operator.doctor.Finding;
import io.mybella.operator.doctor.FreeSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether there is space left for the data of the stack. */
final class SpaceCheck implements Check {

  private final Home home;

  SpaceCheck(Home home) {
    this.home = home;
  }

  @Override
  public String name() {
    return "space";
  }

  @Override
  public List<Finding> look() throws IOException {
    Path folder = home.folder();
    // Before the first start its nearest parent tells as much.
    while (!Files.isDirectory(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return List.of(
        FreeSpace.judge(
            about(home.folder().toString()), (double) Files.getFileStore(folder).getUsableSpace()));
  }
}
