package io.mybella.operator.importing.delivery;

import java.io.ByteArrayOutputStream;

/** A row on its way: what a service is told of it, in JSON. */
public final class Row {

  private final String key;
  private final byte[] json;

  /**
   * A row.
   *
   * @param key names it for good: table and id of the old file
   * @param json an object; it is not copied
   */
  public Row(String key, byte[] json) {
    this.key = key;
    this.json = json;
  }

  /** Names it for good. */
  String key() {
    return key;
  }

  /** How many bytes it takes. */
  int size() {
    return json.length;
  }

  void writeTo(ByteArrayOutputStream out) {
    out.writeBytes(json);
  }
}
