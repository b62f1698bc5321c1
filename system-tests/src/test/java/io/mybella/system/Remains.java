package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a text wherever the platform keeps something: in every row of every table of every
 * database, whatever the columns are, and in every file. It knows no table by name, so that one
 * that joins is searched as well.
 */
final class Remains {

  private final TestPlatform platform;

  Remains(TestPlatform platform) {
    this.platform = platform;
  }

  /** The tables with a row that holds the text, such as {@code persona.active_persona}. */
  Set<String> tables(String text) throws SQLException {
    return rows(text).keySet();
  }

  /** The rows that hold the text, as text, by table. */
  Map<String, Set<String>> rows(String text) throws SQLException {
    var found = new TreeMap<String, Set<String>>();
    for (Service service : Service.values()) {
      if (!service.database().isEmpty()) {
        try (Connection database = platform.superuser(service)) {
          for (String table : tables(database)) {
            Set<String> rows = rows(database, table, text);
            if (!rows.isEmpty()) {
              found.put(service.database() + "." + table, rows);
            }
          }
        }
      }
    }
    return found;
  }

  /** The files of all services that hold the text. One that goes meanwhile holds nothing. */
  List<Path> files(String text) throws IOException {
    List<Path> holding = new ArrayList<>();
    Files.walkFileTree(platform.home().blobs(), new Search(text.getBytes(UTF_8), holding));
    return holding;
  }

  /** Looks into files while services write and remove them. */
  private static final class Search extends SimpleFileVisitor<Path> {

    private final byte[] text;
    private final List<Path> holding;

    Search(byte[] text, List<Path> holding) {
      this.text = text;
      this.holding = holding;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      try {
        if (contains(Files.readAllBytes(file), text)) {
          holding.add(file);
        }
        return FileVisitResult.CONTINUE;
      } catch (NoSuchFileException gone) {
        return visitFileFailed(file, gone);
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
      if (failed instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failed;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed)
        throws IOException {
      return failed == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failed);
    }
  }

  private static List<String> tables(Connection database) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet result =
            statement.executeQuery(
                """
                select table_schema, table_name from information_schema.tables
                where table_type = 'BASE TABLE'
                  and table_schema not in ('pg_catalog', 'information_schema')
                order by 1, 2
                """)) {
      List<String> tables = new ArrayList<>();
      while (result.next()) {
        String schema = result.getString(1);
        tables.add((schema.equals("public") ? "" : schema + ".") + result.getString(2));
      }
      return tables;
    }
  }

  /** PostgreSQL writes bytes as hexadecimal digits, so the text is looked for in that form, too. */
  private static Set<String> rows(Connection database, String table, String text)
      throws SQLException {
    try (PreparedStatement statement =
        database.prepareStatement(
            """
            select t::text from %s as t
            where position(lower(?) in lower(t::text)) > 0 or position(? in t::text) > 0
            """
                .formatted(table))) {
      statement.setString(1, text);
      statement.setString(2, HexFormat.of().formatHex(text.getBytes(UTF_8)));
      try (ResultSet result = statement.executeQuery()) {
        Set<String> rows = new TreeSet<>();
        while (result.next()) {
          rows.add(result.getString(1));
        }
        return rows;
      }
    }
  }

  private static boolean contains(byte[] file, byte[] text) {
    for (int at = 0; at + text.length <= file.length; at++) {
      if (Arrays.equals(file, at, at + text.length, text, 0, text.length)) {
        return true;
      }
    }
    return false;
  }
}
