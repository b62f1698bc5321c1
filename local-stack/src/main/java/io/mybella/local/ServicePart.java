package io.mybella.local;

import io.mybella.local.supervisor.DatabaseServer;
import io.mybella.local.supervisor.Part;
import io.mybella.local.supervisor.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A service as a part of the stack. It needs its database, which is made before its first start;
 * the broker and its neighbours it waits for by itself, as it must in production.
 *
 * @param program the service's process
 * @param postgres the server of its database
 * @param database the name of its database; empty when it has none
 */
record ServicePart(Program program, DatabaseServer postgres, String database) implements Part {

  @Override
  public String name() {
    return program.name();
  }

  @Override
  public int port() {
    return program.port();
  }

  @Override
  public String address() {
    return program.address();
  }

  @Override
  public Path log() {
    return program.log();
  }

  @Override
  public Set<String> needs() {
    return database.isEmpty() ? Set.of() : Set.of(postgres.name());
  }

  @Override
  public Run start() throws IOException {
    if (!database.isEmpty()) {
      postgres.prepare(database);
    }
    return program.start();
  }
}
