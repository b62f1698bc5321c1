package io.mybella.chassis.blob;

import java.util.regex.Pattern;

/** What a key may look like, for every store alike: nothing in it leads up, out or to a secret. */
final class BlobKeys {

  private static final Pattern KEY =
      Pattern.compile("[a-z0-9_-][a-z0-9_.-]*(/[a-z0-9_-][a-z0-9_.-]*)*");

  private BlobKeys() {}

  static String checked(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("Not a blob key: " + key);
    }
    return key;
  }

  /** A prefix is a key and a slash. */
  static String checkedPrefix(String prefix) {
    if (!prefix.endsWith("/")) {
      throw new IllegalArgumentException("A prefix ends with '/': " + prefix);
    }
    checked(prefix.substring(0, prefix.length() - 1));
    return prefix;
  }
}
