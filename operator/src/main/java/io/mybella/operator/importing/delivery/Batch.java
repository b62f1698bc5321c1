package io.mybella.operator.importing.delivery;

import java.util.ArrayList;
import java.util.List;

/** Rows for one request: as many as the services take, and no more bytes than fit in memory. */
public final class Batch {

  /** As the services allow. */
  public static final int MOST_ROWS = 500;

  /** Half of what the services allow: several are under way, in a small heap. */
  static final int MOST_BYTES = 1 << 20;

  private final List<Row> rows = new ArrayList<>();
  private int bytes;

  /** Whether one more row fits; a row that fits nowhere is sent alone, and refused. */
  public boolean hasRoomFor(Row row) {
    return rows.isEmpty() || (rows.size() < MOST_ROWS && bytes + row.size() < MOST_BYTES);
  }

  /** Adds a row. */
  public void add(Row row) {
    rows.add(row);
    bytes += row.size() + 1;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Takes all rows out. */
  public List<Row> take() {
    List<Row> taken = List.copyOf(rows);
    rows.clear();
    bytes = 0;
    return taken;
  }
}
