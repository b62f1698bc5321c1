package io.mybella.chassis.security;

/**
 * What may stand in headers and in names of parameters: characters that Unicode has assigned and
 * that are no controls. Decides as the patterns of Spring Security's firewall do.
 */
final class AllowedCharacters {

  private AllowedCharacters() {}

  /** Whether this may be the name of a header or a parameter. */
  static boolean inName(String name) {
    return allAllowed(name, false);
  }

  /** Whether this may be the value of a header, where tabs may be. */
  static boolean inValue(String value) {
    return allAllowed(value, true);
  }

  private static boolean allAllowed(String text, boolean tabs) {
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (!isAllowed(c) && !(tabs && c == '\t')) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  private static boolean isAllowed(int c) {
    // Nearly all there is, without a look into tables.
    if (c >= ' ' && c <= '~') {
      return true;
    }
    int type = Character.getType(c);
    return type != Character.UNASSIGNED && type != Character.CONTROL;
  }
}
