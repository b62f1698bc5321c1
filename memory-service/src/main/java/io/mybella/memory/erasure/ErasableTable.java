package io.mybella.memory.erasure;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table with rows of pairs, and how they are erased. The feature that owns the table makes a bean
 * of this; the eraser goes through all there are.
 *
 * <p>Its rows hang on {@code persona_memory} by a foreign key that removes them with it. Its
 * primary key is {@code (user_id, persona_id, key)}; the key is a UUIDv7 that {@code
 * message_id_after} has put above the pair's mark while the pair's row was held, and {@code
 * protect_memory} hides what is not above it.
 *
 * @param name of the table
 * @param key the column by which a pair's rows are forgotten, and taken in batches
 * @param outlivesForgetting whether its rows stay when their pair is forgotten, and with them the
 *     pair's own row; they go with the persona or the account alone. Their key is any UUID then,
 *     and nothing hides them
 * @param whenForgotten a statement that is run at the moment a pair is forgotten, before its rows
 *     are hidden; with the parameters {@code user_id} and {@code persona_id}, and for a few rows
 *     only
 */
public record ErasableTable(
    String name, String key, boolean outlivesForgetting, @Nullable String whenForgotten) {

  private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z_0-9]*");

  /**
   * A table.
   *
   * @throws IllegalArgumentException when that is not how tables and columns are called here
   */
  public ErasableTable {
    if (!IDENTIFIER.matcher(name).matches() || !IDENTIFIER.matcher(key).matches()) {
      throw new IllegalArgumentException("Not a table with a key: " + name + ", " + key);
    }
  }

  /** A table whose rows are forgotten, with a statement that is run at once. */
  public ErasableTable(String name, String key, String whenForgotten) {
    this(name, key, false, whenForgotten);
  }

  /** A table whose rows are forgotten, with nothing to be done at once. */
  public ErasableTable(String name, String key) {
    this(name, key, false, null);
  }

  /** A table whose rows outlive what is forgotten. */
  public static ErasableTable outliving(String name, String key) {
    return new ErasableTable(name, key, true, null);
  }

  /** Those of the tables whose rows are forgotten. */
  static List<ErasableTable> forgettable(List<ErasableTable> tables) {
    return tables.stream().filter(table -> !table.outlivesForgetting).toList();
  }

  /** Puts the names of this table into a statement. */
  String in(String sql) {
    return sql.replace("{table}", name).replace("{key}", key);
  }
}
