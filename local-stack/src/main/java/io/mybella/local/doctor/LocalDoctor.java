package io.mybella.local.doctor;

import io.mybella.local.OperatorEnvironment;
import io.mybella.local.RunningStack;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Settings;
import io.mybella.operator.doctor.Doctor;
import io.mybella.operator.doctor.Installation;
import java.util.List;

/** The doctor of the stack on this machine. */
public final class LocalDoctor {

  private LocalDoctor() {}

  /**
   * One for the stack with these settings, whether it runs or not.
   *
   * @param settings the settings in force
   */
  public static Doctor of(Settings settings) {
    Home home = new Home(settings.home());
    return new Doctor(
        new Installation(OperatorEnvironment.of(settings)),
        List.of(
            new JavaCheck(),
            new SpaceCheck(home),
            new PortsCheck(settings, new RunningStack(home))));
  }
}
