package io.mybella.operator.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mybella.operator.OldMyBella;
import io.mybella.operator.OldMyBella.Age;
import io.mybella.operator.legacy.UnreadableFile.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a file, and that it and all beside it stay as they are. */
class LegacyFileTests {

  @TempDir private Path folder;
  @TempDir private Path scratch;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("mybella.db");
  }

  @Test
  void readsAFileOfEachAge() throws Exception {
    for (Age age : Age.values()) {
      Path one = folder.resolve(age + ".db");
      OldMyBella.create(one, age).insert("users", "id", 1, "email", "ada@example.com").close();

      try (LegacyFile legacy = LegacyFile.open(one, scratch)) {
        assertThat(users(legacy)).isEqualTo(1);
        assertThat(legacy.has("chat_messages")).isEqualTo(age != Age.FIRST);
        assertThat(legacy.has("persona_profiles", "user_id")).isEqualTo(age == Age.LAST);
      }
    }
  }

  @Test
  void leavesNothingBehind() throws Exception {
    OldMyBella.create(file, Age.LAST).close();
    var before = contents();

    LegacyFile.open(file, scratch).close();

    assertThat(contents()).isEqualTo(before);
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void seesWhatStandsInTheLogBesideTheFileAndLeavesItThere() throws Exception {
    try (OldMyBella old = OldMyBella.create(file, Age.LAST)) {
      old.execute("PRAGMA journal_mode = WAL");
      old.insert("users", "id", 1, "email", "ada@example.com");
      assertThat(Files.size(folder.resolve("mybella.db-wal"))).isPositive();
      var before = contents();

      try (LegacyFile legacy = LegacyFile.open(file, scratch)) {
        old.insert("users", "id", 2, "email", "too-late@example.com");
        assertThat(users(legacy)).isEqualTo(1);
      }

      before.put("mybella.db-wal", digest(folder.resolve("mybella.db-wal")));
      before.put("mybella.db-shm", digest(folder.resolve("mybella.db-shm")));
      assertThat(contents()).isEqualTo(before);
    }
  }

  @Test
  void seesTheLogOfAProgramThatWasKilled() throws Exception {
    Path crashed = folder.resolve("crashed.db");
    try (OldMyBella old = OldMyBella.create(file, Age.LAST)) {
      old.execute("PRAGMA journal_mode = WAL");
      old.insert("users", "id", 1, "email", "ada@example.com");
      Files.copy(file, crashed);
      Files.copy(folder.resolve("mybella.db-wal"), folder.resolve("crashed.db-wal"));
    }
    var before = contents();

    try (LegacyFile legacy = LegacyFile.open(crashed, scratch)) {
      assertThat(users(legacy)).isEqualTo(1);
    }

    assertThat(contents()).isEqualTo(before).doesNotContainKey("crashed.db-shm");
  }

  @Test
  void rollsBackInItsCopyWhatWasHalfWritten() throws Exception {
    Path crashed = folder.resolve("crashed.db");
    try (OldMyBella old = OldMyBella.create(file, Age.LAST)) {
      old.insert("users", "id", 1, "email", "ada@example.com");
      old.execute("PRAGMA cache_size = 1").execute("PRAGMA cache_spill = 1");
      old.connection().setAutoCommit(false);
      old.execute("DELETE FROM users");
      old.insertMany(5_000, 1, 1);
      // Pages of a transaction that never ends are in the file by now, and their originals in the
      // journal.
      Files.copy(file, crashed);
      Files.copy(folder.resolve("mybella.db-journal"), folder.resolve("crashed.db-journal"));
      old.connection().rollback();
    }
    var before = contents();

    try (LegacyFile legacy = LegacyFile.open(crashed, scratch)) {
      assertThat(users(legacy)).isEqualTo(1);
      assertThat(number(legacy, "SELECT count(*) FROM chat_messages")).isZero();
    }

    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void opensAFileThatNobodyMayWrite() throws Exception {
    OldMyBella.create(file, Age.LAST).close();
    assertThat(file.toFile().setReadOnly()).isTrue();

    try (LegacyFile legacy = LegacyFile.open(file, scratch)) {
      assertThat(users(legacy)).isZero();
    }
  }

  @Test
  void keepsItsCopyFromOthers() throws Exception {
    OldMyBella.create(file, Age.LAST).close();

    try (LegacyFile legacy = LegacyFile.open(file, scratch);
        Stream<Path> copies = Files.list(scratch)) {
      assertThat(legacy.tables()).isNotEmpty();
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(copies.findFirst().orElseThrow())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void deletesTheCopyOfARunThatWasKilledButNotOfOneThatRuns() throws Exception {
    OldMyBella.create(file, Age.LAST).close();
    Path left = Files.createDirectory(scratch.resolve("mybella-import-123"));
    Files.writeString(left.resolve("in-use"), "");
    Files.writeString(left.resolve("old.db"), "somebody's messages");

    try (LegacyFile first = LegacyFile.open(file, scratch);
        LegacyFile second = LegacyFile.open(file, scratch)) {
      assertThat(left).doesNotExist();
      assertThat(users(first) + users(second)).isZero();
    }
  }

  @Test
  void saysWhatIsNotThere() throws IOException {
    assertUnreadable(file, Kind.MISSING, "is not there");
    assertUnreadable(folder, Kind.MISSING, "is a folder");
  }

  @Test
  void saysWhatIsNoDatabase() throws IOException {
    Files.write(file, new byte[0]);
    assertUnreadable(file, Kind.FOREIGN, "is empty");
    Files.writeString(file, "a letter to Ada ".repeat(1000));
    assertUnreadable(file, Kind.FOREIGN, "not an SQLite file");
  }

  @Test
  void saysWhatIsOfAnotherProgram() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, url TEXT)");
    }
    assertUnreadable(file, Kind.FOREIGN, "none of MyBella");
  }

  @Test
  void runsNoCodeOfAFileWhoseTablesAreViews() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE VIEW users AS SELECT 1 AS id, 'x' AS email");
      statement.execute("CREATE TABLE persona_profiles (id INTEGER PRIMARY KEY, name TEXT)");
    }
    assertUnreadable(file, Kind.FOREIGN, "no table users");
  }

  @Test
  void saysWhatIsEncrypted() throws IOException {
    byte[] random = new byte[64 * 1024];
    new Random(7).nextBytes(random);
    Files.write(file, random);
    assertUnreadable(file, Kind.ENCRYPTED, "is encrypted");
  }

  @Test
  void saysWhatIsDamaged() throws Exception {
    try (OldMyBella old = OldMyBella.create(file, Age.LAST)) {
      old.insertMany(5_000, 3, 2);
    }
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(bytes.length() / 2);
      bytes.write(new byte[8192]);
    }
    assertUnreadable(file, Kind.DAMAGED, ".recover");
  }

  @Test
  void saysWhatEndsTooSoon() throws Exception {
    try (OldMyBella old = OldMyBella.create(file, Age.LAST)) {
      old.insertMany(5_000, 3, 2);
    }
    try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.WRITE)) {
      bytes.truncate(bytes.size() / 2);
    }
    assertUnreadable(file, Kind.DAMAGED, "is damaged");
    try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.WRITE)) {
      bytes.truncate(50);
    }
    assertUnreadable(file, Kind.DAMAGED, "in the middle of its header");
  }

  @Test
  void saysWhatIsNewer() throws Exception {
    try (OldMyBella old = OldMyBella.create(file, Age.LAST)) {
      old.execute("PRAGMA user_version = 9");
    }
    assertUnreadable(file, Kind.NEWER, "schema version 9");
  }

  @Test
  void saysWhatLacksAColumnThatEveryAgeHas() throws Exception {
    try (OldMyBella old = OldMyBella.create(file, Age.LAST)) {
      old.execute("ALTER TABLE chat_messages RENAME COLUMN content TO ciphertext");
    }
    assertUnreadable(file, Kind.NEWER, "chat_messages without content");
  }

  /** By another program: a lock of a process never keeps that process itself out. */
  @Test
  void saysWhatIsLocked() throws Exception {
    OldMyBella.create(file, Age.LAST).close();
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(writer.inputReader().readLine()).isEqualTo("locked");

      assertUnreadable(file, Kind.LOCKED, "end the old MyBella");
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  /** Keeps a file locked as a writer of SQLite does, until it is ended. */
  static final class Writer {
    public static void main(String[] arguments) throws Exception {
      try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
          FileLock lock = channel.lock(0x4000_0002L, 510, false)) {
        System.out.println(lock.isValid() ? "locked" : "not locked");
        System.out.flush();
        try (InputStream in = System.in) {
          in.readAllBytes();
        }
      }
    }
  }

  private void assertUnreadable(Path what, Kind kind, String words) throws IOException {
    Object before = Files.isRegularFile(what) ? contents() : "";

    UnreadableFile refusal =
        catchThrowableOfType(UnreadableFile.class, () -> LegacyFile.open(what, scratch).close());

    assertThat(refusal).hasMessageContaining(words);
    assertThat(refusal.kind()).isEqualTo(kind);
    assertThat(scratch).isEmptyDirectory();
    assertThat(Files.isRegularFile(what) ? contents() : "").isEqualTo(before);
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path each : files.toList()) {
        contents.put(each.getFileName().toString(), digest(each));
      }
    }
    return contents;
  }

  private static String digest(Path path) throws IOException {
    return Files.isDirectory(path)
        ? "folder"
        : new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).hashCode()
            + " "
            + Files.getLastModifiedTime(path);
  }

  private static long users(LegacyFile legacy) throws SQLException {
    return number(legacy, "SELECT count(*) FROM users");
  }

  private static long number(LegacyFile legacy, String query) throws SQLException {
    try (Connection connection = legacy.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
