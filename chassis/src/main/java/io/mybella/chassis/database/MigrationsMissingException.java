package io.mybella.chassis.database;

import java.util.List;

/** The database is older than the service. */
final class MigrationsMissingException extends RuntimeException {

  MigrationsMissingException(List<String> missing) {
    super("The database lacks migrations of this version: " + String.join(", ", missing));
  }
}
