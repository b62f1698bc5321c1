package io.mybella.operator;

import io.mybella.operator.OldMyBella.Age;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * An old installation with everything that has ever been odd about one, for tests of the importer
 * and of the platform. What each row is to become is said where it is made.
 */
public final class QuirkyMyBella {

  /** The password of Zoë and of Bob. */
  public static final String PASSWORD = "Grüße an Zoë 🌻 7";

  /** Zoë's address; her hash is of scrypt. */
  public static final String ZOE = "zoe@example.com";

  /** Bob's address; his hash is of pbkdf2. */
  public static final String BOB = "Bob@Example.com";

  /** Rita's address, who is inactive. */
  public static final String RITA = "rita@example.com";

  /** The administrator's address. */
  public static final String ADMIN = "admin@example.com";

  private static final String SCRYPT =
      "scrypt:32768:8:1$Ux3kQ9vLw2Rt5Yp8$fdc45fadf827fb843d3a1123facfb552bb5aa48860eb2e4f1842399899ae917af1524d6b8b9301e5388dd063b15fbf517ef5b2bea74ffecf73b29fcd0e8ffcbb";

  /** A hash of the password. */
  public static final String PBKDF2 =
      "pbkdf2:sha256:600000$aB3dE6gH9jK2mN5p$28143c9d5c563195267b6553f312617d2afc5bdce92cf92f81f2cd53eca01032";

  private QuirkyMyBella() {}

  /**
   * Makes the file {@code mybella.db} with its uploads.
   *
   * @param picture of a persona
   * @param sample of a voice
   */
  public static Path create(Path folder, byte[] picture, byte[] sample)
      throws SQLException, IOException {
    Path file = folder.resolve("mybella.db");
    try (OldMyBella old = OldMyBella.create(file, Age.LAST)) {
      old.connection().setAutoCommit(false);
      old.execute("CREATE TABLE mood_entries (id INTEGER PRIMARY KEY, mood TEXT)");
      old.insert("mood_entries", "mood", "well");
      users(old);
      personas(old);
      messages(old);
      olderMessages(old);
      memories(old);
      settings(old);
      old.connection().commit();
      uploads(old, folder, picture, sample);
    }
    return file;
  }

  private static void users(OldMyBella old) throws SQLException {
    user(old, 1, "Zoë", ZOE, SCRYPT, "user", 1);
    user(old, 2, "Bob", BOB, PBKDF2, "USER", 1);
    user(old, 3, "Ada Min", ADMIN, PBKDF2, "admin", 1);
    user(old, 4, "Rita", RITA, PBKDF2, "user", 0);
    // The same address as Zoë's but for its case: the older account keeps it.
    user(old, 5, "Zoe again", "ZOE@example.com", PBKDF2, "user", 1);
    // NULL wherever the schema allows.
    old.insert("users", "id", 6);
    // A hash that nobody can check.
    user(old, 7, "Mo", "mo@example.com", "md5$abc$0123456789abcdef", "user", 1);
    // Without settings, without anything.
    user(old, 8, "Quiet", "quiet@example.com", SCRYPT, "moderator", 1);
    old.execute("UPDATE users SET gender = 'f', profile_picture = 'me.png' WHERE id = 1");
  }

  private static void user(
      OldMyBella old, int id, String name, String email, String hash, String role, int active)
      throws SQLException {
    old.insert(
        "users",
        "id",
        id,
        "name",
        name,
        "email",
        email,
        "password_hash",
        hash,
        "role",
        role,
        "created_at",
        "2023-05-0" + id + " 10:00:00.000000",
        "active",
        active);
  }

  private static void personas(OldMyBella old) throws SQLException {
    // Of the system, one as it is called here, too, and one that an administrator made.
    persona(old, 1, null, "isabella", "Isabella");
    persona(old, 2, null, "Coach Sam", "Coach Sam");
    // Zoë's own, called like one of the system.
    persona(old, 10, 1, "Luna", "My Luna");
    persona(old, 11, 1, "Old friend", "Old Friend");
    // Bob's.
    persona(old, 12, 2, "Wizard", null);
    // Of nobody that there is.
    persona(old, 13, 99, "Ghost", "Ghost");
    // NULL wherever the schema allows; Bob's.
    old.insert("persona_profiles", "id", 14, "user_id", 2);
    old.execute(
        """
        UPDATE persona_profiles SET is_active = 0, voice_settings = '{"stability": 0.5}',
          profile_picture = '/uploads/persona_pics/friend.png' WHERE id = 11
        """);
    old.execute(
        """
        UPDATE persona_profiles SET profile_picture = '../../etc/passwd',
          custom_voice_url = '/uploads/voices/wizard.mp3' WHERE id = 12
        """);
    old.execute(
        """
        UPDATE persona_profiles SET profile_picture = 'uploads/persona_pics/link.png',
          custom_voice_url = '/uploads/voices/gone.mp3' WHERE id = 10
        """);
    old.execute(
        "UPDATE persona_profiles SET profile_picture = 'https://example.com/sam.png' WHERE id = 2");
  }

  private static void persona(OldMyBella old, int id, Integer user, String name, String display)
      throws SQLException {
    old.insert(
        "persona_profiles",
        "id",
        id,
        "user_id",
        user,
        "is_custom",
        user != null,
        "name",
        name,
        "display_name",
        display,
        "description",
        name + " as of old",
        "personality_traits",
        "kind, old",
        "is_active",
        1,
        "created_by",
        3,
        "created_at",
        "2023-06-01 10:00:00",
        "updated_at",
        "2023-06-02 10:00:00");
  }

  private static void messages(OldMyBella old) throws SQLException {
    // The id wins, whatever the name says; the later id has the earlier time.
    chat(
        old,
        101,
        1,
        "user",
        "My name is Zoë and I love sunflowers.",
        "nonsense",
        10,
        "2024-01-01 10:00:01");
    chat(old, 100, 1, "bot", "Hello Zoë!", null, 10, "2024-01-01 10:00:02.500000");
    chat(old, 102, 1, "user", "Right at the same time, one.", null, 10, "2024-01-01 10:00:03");
    chat(old, 103, 1, "assistant", "Right at the same time, two.", null, 10, "2024-01-01 10:00:03");
    // The name decides, in whatever case.
    chat(
        old, 104, 1, "user", "Coach, I ran five miles.", "Coach sam", null, "2024-01-02T10:00:00Z");
    chat(old, 105, 1, "bot", "Five! Tomorrow six.", "COACH SAM", null, "2024-01-02T12:00:05+02:00");
    // An id of nobody, with a name of somebody.
    chat(old, 106, 1, "user", "Good night, Isabella.", "Isabella", 4711, "2024-01-03 22:00");
    // An id of nobody with a name of nobody: an inactive persona of hers.
    chat(old, 107, 1, "user", "Do you remember me?", "Long Gone", 4712, "2024-01-04 10:00:00");
    chat(old, 108, 1, "bot", "Always.", "long gone", null, "2024-01-04 10:00:01");
    // Bob's persona, but a message of Zoë's: she must not see his.
    chat(old, 109, 1, "user", "Whose persona is this?", null, 12, "2024-01-05 10:00:00");
    // Neither id nor name.
    chat(old, 110, 2, "user", "Is anybody there?", null, null, "2024-01-06 10:00:00");
    // Times that are none, and one that has not come yet: they stand behind the message before.
    chat(old, 111, 2, "user", "When was that?", "Wizard", 12, null);
    chat(old, 112, 2, "bot", "Once upon a time.", "Wizard", 12, "once");
    chat(old, 113, 2, "user", "In the future.", "Wizard", 12, "2199-01-01 00:00:00");
    chat(old, 114, 2, "bot", "Seconds since 1970.", "Wizard", 12, 1_704_700_000);
    // Of somebody who is not there, and of nobody.
    chat(old, 115, 99, "user", "Boo.", "Isabella", 1, "2024-01-08 10:00:00");
    chat(old, 116, null, "user", "Boo!", "Isabella", 1, "2024-01-08 10:00:00");
    // Without text, and without a role.
    chat(old, 117, 2, "user", null, "Wizard", 12, "2024-01-09 10:00:00");
    chat(old, 118, 2, null, "Who says that?", "Wizard", 12, "2024-01-09 10:00:01");
    // Longer than a message may be here, with characters of four bytes.
    chat(old, 119, 2, "bot", "🌻 and so on. ".repeat(3_000), "Wizard", 12, "2024-01-09 10:00:02");
    // What PostgreSQL cannot keep.
    chat(old, 120, 2, "user", "A NUL \0 in the middle.", "Wizard", 12, "2024-01-09 10:00:03");
    // The inactive user's, and those of the second Zoë.
    chat(old, 121, 4, "user", "I am leaving.", "Isabella", 1, "2024-01-10 10:00:00");
    chat(old, 122, 5, "user", "I have two accounts.", "Isabella", 1, "2024-01-11 10:00:00");
    // Twice the same, which is no mistake.
    chat(old, 123, 1, "user", "Knock knock.", null, 10, "2024-01-12 10:00:00");
    chat(old, 124, 1, "user", "Knock knock.", null, 10, "2024-01-12 10:00:01");
    // An inactive persona of hers.
    chat(old, 125, 1, "user", "Sleep well, old friend.", "Old friend", 11, "2024-01-13 10:00:00");
    old.execute(
        """
        UPDATE chat_messages SET sentiment = 'sad', has_crisis_keywords = 1, memory_id = 1,
          tokens = 12, model = 'gpt-3.5-turbo' WHERE id = 100
        """);
  }

  private static void chat(
      OldMyBella old,
      int id,
      Integer user,
      String role,
      String content,
      String persona,
      Integer personaId,
      Object time)
      throws SQLException {
    old.insert(
        "chat_messages",
        "id",
        id,
        "user_id",
        user,
        "role",
        role,
        "content",
        content,
        "persona",
        persona,
        "persona_id",
        personaId,
        "timestamp",
        time);
  }

  private static void olderMessages(OldMyBella old) throws SQLException {
    // Written into both tables, seconds apart; and the same words on another day.
    older(old, 1, 1, "user", "Coach, I ran five miles.", "Coach Sam", "2024-01-02 10:00:04");
    older(old, 2, 1, "user", "Coach, I ran five miles.", "Coach Sam", "2024-01-01 09:00:00");
    // The same words of the other one.
    older(old, 3, 1, "bot", "Coach, I ran five miles.", "Coach Sam", "2024-01-02 10:00:01");
    // Five seconds and one are too many.
    older(old, 4, 1, "bot", "Five! Tomorrow six.", "coach sam", "2024-01-02 10:00:11");
    // From before the other table was there.
    older(old, 5, 2, "user", "Abracadabra.", "wizard", "2023-06-05 10:00:00");
    older(old, 6, 2, "bot", "Simsalabim.", "WIZARD", "2023-06-05 10:00:01");
  }

  private static void older(
      OldMyBella old, int id, int user, String role, String content, String persona, String time)
      throws SQLException {
    old.insert(
        "messages",
        "id",
        id,
        "user_id",
        user,
        "chat_id",
        7,
        "role",
        role,
        "content",
        content,
        "persona",
        persona,
        "timestamp",
        time);
  }

  private static void memories(OldMyBella old) throws SQLException {
    old.insert(
        "conversation_memories",
        "id",
        1,
        "user_id",
        1,
        "persona_id",
        10,
        "session_id",
        "s-1",
        "started_at",
        "2024-01-01 10:00:00",
        "last_updated",
        "2024-01-01 10:05:00",
        "summary",
        "Zoë told of her sunflowers.",
        "key_topics",
        "garden, sunflowers,, ",
        "user_mood",
        "happy",
        "important_facts",
        "[\"loves sunflowers\", {\"has\": \"a garden\"}]",
        "message_count",
        4,
        "tokens_used",
        120);
    // Its facts are no JSON, its persona is a name.
    old.insert(
        "conversation_memories",
        "id",
        2,
        "user_id",
        2,
        "persona",
        "wizard",
        "started_at",
        "2024-01-09 10:00:00",
        "summary",
        "Bob asked the wizard.",
        "important_facts",
        "{broken");
    // NULL wherever the schema allows, and of a user who is not there.
    old.insert("conversation_memories", "id", 3, "user_id", 99);
    old.insert("conversation_memories", "id", 4, "user_id", 1, "persona_id", 10);
    old.insert(
        "user_preferences",
        "id",
        1,
        "user_id",
        1,
        "persona_id",
        10,
        "category",
        "flowers",
        "key",
        "favourite",
        "value",
        "sunflowers",
        "confidence",
        0.9,
        "times_observed",
        3,
        "first_observed",
        "2024-01-01 10:00:01",
        "last_confirmed",
        "2024-01-05 10:00:01");
    // Of before there were personas: the one that he talks to has it.
    old.insert(
        "user_preferences", "id", 2, "user_id", 2, "key", "drink", "value", "tea", "confidence", 7);
    // Of nobody.
    old.insert("user_preferences", "id", 3, "user_id", 8, "key", "drink", "value", "milk");
    old.insert("user_preferences", "id", 4, "user_id", 1, "persona_id", 10, "key", "empty");
  }

  private static void settings(OldMyBella old) throws SQLException {
    old.insert(
        "user_settings",
        "user_id",
        1,
        "current_persona",
        "nonsense",
        "current_persona_id",
        10,
        "mode",
        "gentle",
        "tts_enabled",
        1);
    // The later of two decides.
    old.insert("user_settings", "user_id", 2, "current_persona", "Isabella");
    old.insert("user_settings", "user_id", 2, "current_persona", "wizard");
    old.insert("user_settings", "user_id", 3);
    old.insert("user_settings", "user_id", 4, "current_persona", "Nobody at all");
  }

  private static void uploads(OldMyBella old, Path folder, byte[] picture, byte[] sample)
      throws IOException {
    old.upload("persona_pics", "friend.png", picture).upload("voices", "wizard.mp3", sample);
    Path secret = Files.write(folder.resolve("secret.png"), picture);
    Files.createSymbolicLink(folder.resolve("uploads/persona_pics/link.png"), secret);
  }
}
