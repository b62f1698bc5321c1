package io.mybella.operator.importing;

import io.mybella.operator.PlatformAccess;
import io.mybella.operator.importing.Report.Stopped;
import io.mybella.operator.importing.delivery.DryRun;
import io.mybella.operator.importing.delivery.PlatformUnavailable;
import io.mybella.operator.importing.delivery.Recipient;
import io.mybella.operator.importing.delivery.Services;
import io.mybella.operator.legacy.LegacyFile;
import io.mybella.operator.legacy.UnreadableFile;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code import}: moves an older MyBella into a running platform. */
@Command(
    name = "import",
    description = "Moves an older MyBella in: accounts, personas, and all that they remember.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:everything is placed",
      "1:some rows could not be placed; the report names them",
      "2:the command line is wrong",
      "3:the file cannot be read; nothing was written",
      "4:the platform does not answer or refuses the token; the same again goes on from there"
    })
public final class ImportCommand implements Callable<Integer> {

  /** All rows are placed. */
  public static final int PLACED = 0;

  /** Some rows could not be placed. */
  public static final int UNPLACED = 1;

  /** The file cannot be read. */
  public static final int UNREADABLE = 3;

  /** The platform does not answer, or lets nobody in. */
  public static final int UNAVAILABLE = 4;

  private static final Pattern SOURCE = Pattern.compile("[a-z0-9-]{1,40}");

  private final Supplier<PlatformAccess> platform;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The SQLite file of the old MyBella.")
  private Path file;

  @Option(names = "--dry-run", description = "Write nothing; say what would happen.")
  private boolean dryRun;

  @Option(
      names = "--uploads",
      paramLabel = "DIR",
      description =
          "The folder with persona_pics and voices; uploads beside the file when left out.")
  private @Nullable Path uploads;

  @Option(names = "--json", description = "Print the report as JSON, and nothing else.")
  private boolean json;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description =
          "Names the old installation, where several move in: letters, digits, dashes;"
              + " ${DEFAULT-VALUE} when left out.")
  private String source = "mybella";

  @Option(
      names = "--same-email",
      paramLabel = "attach",
      description =
          "attach: an account here with the e-mail address of one there belongs to the same"
              + " person, who gets that history. Such accounts are left alone otherwise.")
  private @Nullable String sameEmail;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "Where a private copy of the file is made, for as long as this runs: half as much again"
              + " as the file has. ${DEFAULT-VALUE} when left out.")
  private Path scratch = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description =
          "How long a service that does not answer is tried again; ${DEFAULT-VALUE} when left out.")
  private int patience = 120;

  /**
   * The command.
   *
   * @param platform tells where the platform is; asked when the command runs, and says with an
   *     {@link IllegalStateException} that it does not run
   */
  // Picocli fills the fields above.
  @SuppressWarnings("NullAway.Init")
  public ImportCommand(Supplier<PlatformAccess> platform) {
    this.platform = platform;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ImportOptions options = options();
    Report report = new Report();
    long began = System.nanoTime();
    int status;
    Stopped stopped = null;
    try {
      run(options, report);
      status = report.hasUnplaced() || !report.addsUp() ? UNPLACED : PLACED;
    } catch (UnreadableFile e) {
      status = UNREADABLE;
      stopped = new Stopped(e.kind().name().toLowerCase(Locale.ROOT), message(e));
    } catch (PlatformUnavailable e) {
      status = UNAVAILABLE;
      stopped = new Stopped("platform", message(e));
    }
    show(options, report, stopped, (System.nanoTime() - began) / 1e9);
    return status;
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private void run(ImportOptions options, Report report)
      throws UnreadableFile, PlatformUnavailable, IOException, InterruptedException {
    try (LegacyFile legacy = LegacyFile.open(options.file(), options.scratch())) {
      try {
        if (dryRun) {
          move(options, report, legacy, new DryRun());
        } else {
          try (Services services = new Services(access(), options.source(), options.patience())) {
            services.requireOpenDoors();
            move(options, report, legacy, services);
          }
        }
      } catch (SQLException e) {
        throw legacy.unreadable(e);
      }
    }
  }

  private PlatformAccess access() throws PlatformUnavailable {
    try {
      return platform.get();
    } catch (IllegalStateException e) {
      throw new PlatformUnavailable(message(e), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), message(e), e);
    }
  }

  private void move(ImportOptions options, Report report, LegacyFile legacy, Recipient recipient)
      throws SQLException, PlatformUnavailable, IOException, InterruptedException {
    Progress progress =
        new Progress(
            spec.commandLine().getErr(),
            Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent(),
            System::nanoTime);
    new Import(options, legacy, recipient, report, progress, Clock.systemUTC()).run();
  }

  private void show(
      ImportOptions options, Report report, @Nullable Stopped stopped, double seconds) {
    if (json) {
      report.writeJson(spec.commandLine().getOut(), options, stopped, seconds);
      return;
    }
    if (!report.figures().isEmpty()) {
      report.write(spec.commandLine().getOut(), options, stopped == null, seconds);
    }
    if (stopped != null) {
      spec.commandLine().getErr().println(stopped.message());
      spec.commandLine().getErr().flush();
    }
  }

  private ImportOptions options() {
    if (!SOURCE.matcher(source).matches()) {
      throw new ParameterException(
          spec.commandLine(), "--source takes up to 40 small letters, digits and dashes");
    }
    if (sameEmail != null && !sameEmail.equals("attach")) {
      throw new ParameterException(spec.commandLine(), "--same-email takes attach, or is left out");
    }
    if (patience < 1 || patience > 3_600) {
      throw new ParameterException(spec.commandLine(), "--patience takes 1 to 3600 seconds");
    }
    Path given = uploads;
    if (given != null && !Files.isDirectory(given)) {
      throw new ParameterException(spec.commandLine(), given + " is no folder");
    }
    return new ImportOptions(
        file,
        given == null ? file.toAbsolutePath().resolveSibling("uploads") : given,
        scratch,
        source,
        dryRun,
        sameEmail != null,
        Duration.ofSeconds(patience));
  }
}
