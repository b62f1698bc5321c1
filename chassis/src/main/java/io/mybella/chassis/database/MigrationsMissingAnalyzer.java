package io.mybella.chassis.database;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do about a database that is older than the service. */
final class MigrationsMissingAnalyzer extends AbstractFailureAnalyzer<MigrationsMissingException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, MigrationsMissingException missing) {
    return new FailureAnalysis(
        missing.getMessage(),
        "Run this version of the service once with MYBELLA_MIGRATIONS=only and the owner's login"
            + " (MYBELLA_DB_OWNER_USER, MYBELLA_DB_OWNER_PASSWORD), or let it migrate at its start"
            + " (MYBELLA_MIGRATIONS=start).",
        missing);
  }
}
