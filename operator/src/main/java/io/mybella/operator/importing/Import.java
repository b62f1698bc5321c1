package io.mybella.operator.importing;

import io.mybella.operator.importing.delivery.PlatformUnavailable;
import io.mybella.operator.importing.delivery.Recipient;
import io.mybella.operator.legacy.LegacyFile;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;

/**
 * An import from its beginning to its end. Nothing is remembered here: the services know what they
 * took over, so that the same again, after whatever end, comes to the same.
 */
final class Import {

  private final ImportOptions options;
  private final LegacyFile legacy;
  private final Recipient recipient;
  private final Report report;
  private final Progress progress;
  private final Instant now;

  Import(
      ImportOptions options,
      LegacyFile legacy,
      Recipient recipient,
      Report report,
      Progress progress,
      Clock clock) {
    this.options = options;
    this.legacy = legacy;
    this.recipient = recipient;
    this.report = report;
    this.progress = progress;
    this.now = clock.instant();
  }

  void run() throws SQLException, PlatformUnavailable, InterruptedException {
    // In the order in which they are shown.
    for (String table : OldTables.PLACED) {
      if (legacy.has(table)) {
        report.of(table);
      }
    }
    try (Workbench bench = new Workbench(legacy)) {
      PersonaIndex personas = new PersonaIndex(bench);
      AccountsStep accounts = new AccountsStep(bench, recipient, report, progress, options, now);
      read(bench, personas, accounts);
      accounts.run();
      new PersonasStep(bench, recipient, report, progress, now).run();
      FilesStep files = new FilesStep(bench, recipient, report, progress, options);
      files.pictures();
      files.samples();
      new MessagesStep(bench, recipient, report, progress).run();
      new ConversationsStep(bench, recipient, report, progress, now).run();
      new PreferencesStep(bench, recipient, report, progress, now).run();
      new CurrentStep(bench, personas, recipient, report, progress, now).run();
      new OldTables(bench, report).remark();
    }
  }

  private void read(Workbench bench, PersonaIndex personas, AccountsStep accounts)
      throws SQLException {
    progress.begin("reading", bench.rowsOf("chat_messages") + bench.rowsOf("messages"));
    accounts.read();
    personas.readPersonas();
    CurrentStep.read(bench);
    personas.resolveReferences();
    new Lines(bench, personas, report, progress, now).read();
    progress.end();
  }
}
