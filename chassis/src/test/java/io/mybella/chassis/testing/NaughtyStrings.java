package io.mybella.chassis.testing;

import java.util.List;

/**
 * Texts that trip up programs, a few of each class that the "big list of naughty strings" names
 * (github.com/minimaxir/big-list-of-naughty-strings). None is longer than 50 characters, so that
 * each may be a name.
 */
public final class NaughtyStrings {

  /** Texts that are kept exactly as they are, or refused. */
  public static final List<String> ALL =
      List.of(
          // Words and numbers that some programs take for something else.
          "undefined",
          "null",
          "NULL",
          "nil",
          "true",
          "None",
          "NaN",
          "Infinity",
          "-1",
          "1/0",
          "0x0",
          "1e1000",
          "00",
          "123456789012345678901234567890",
          "1,000.00",
          "\\",
          "\\\\",
          "..",
          "~",
          "CON",
          // Quotes, statements, markup, templates and formats.
          "'",
          "\"",
          "''",
          "`",
          "';--",
          "1;DROP TABLE persona",
          "' OR 1=1 -- 1",
          "%",
          "_",
          "%s%n%x",
          "%d%1$s",
          "{{7*7}}",
          "${7*7}",
          "#{7*7}",
          "<%= 7*7 %>",
          "$(id)",
          "`id`",
          "| id",
          "&& id",
          "${jndi:ldap://127.0.0.1/x}",
          "<script>alert(1)</script>",
          "<img src=x onerror=alert(1)>",
          "\"><svg/onload=alert(1)>",
          "javascript:alert(1)",
          "</textarea><b>",
          "<!--",
          "]]>",
          "&lt;",
          "&#0;",
          "<?xml version=\"1.0\"?>",
          "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:\">]>",
          // Names of files and what programs do with lines.
          "../../../../etc/passwd",
          "..\\..\\boot.ini",
          "%2e%2e%2f",
          "%00",
          "%0d%0aSet-Cookie: a=b",
          "a\r\nb",
          "a\nb",
          "a\tb",
          "a\rb",
          "a\u000bb",
          "a\u000cb",
          "a\u0085b",
          "a\u2028b",
          "a\u2029b",
          // Control characters other than NUL.
          "a\u0001\u0002\u0007\u0008b",
          "a\u001b[31mb",
          "a\u001fb",
          "a\u007fb",
          "a\u0080\u009fb",
          // Letters beyond ASCII, written from the right, or without width.
          "Ω≈ç√∫˜µ≤≥÷",
          "田中さんにあげて下さい",
          "찦차를 타고 온",
          "社會科學院語學研究所",
          "Ⱥ Ⱦ",
          "ﬁ",
          "ß ẞ ſ",
          "İstanbul ı",
          "الكل في المجمو عة",
          "בְּרֵאשִׁית",
          "\u202etest\u202e",
          "\u2066test\u2067",
          "\u202b\u200etest",
          "a\u200bb",
          "a\u200c\u200db",
          "a\ufeffb",
          "\ufeffa",
          "a\u00adb",
          "a\u180eb",
          "a\u3164b",
          "a\u2060b",
          "a\u00a0b",
          "a\u3000b",
          // Marks upon marks, and the same letter written in two ways.
          "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
          "e\u0301",
          "\u00e9",
          "\u0301a",
          "ᄀᄀᄀ각ᆨᆨ",
          // Emoji of one and of many parts, and characters beyond the basic plane.
          "😀",
          "👩‍👩‍👧‍👦",
          "🏳️‍🌈",
          "🇩🇪🇪",
          "👍🏿",
          "❤️",
          "1️⃣",
          "\ud800\udf00",
          "𠜎𠜱𠝹𠱓",
          "𝒯𝒽𝑒",
          "\udbff\udffd",
          // Code points that are no characters, and those of private use.
          "a\uffffb",
          "a\ufffeb",
          "a\ufdd0b",
          "a\ufffdb",
          "a\ue000b",
          "a\uf8ffb");

  /** What neither PostgreSQL nor UTF-8 can hold, as it is written in JSON. */
  public static final List<String> NOT_TEXT =
      List.of("a\\u0000b", "\\u0000", "a\\ud800b", "\\udc00", "\\ude00\\ud83d");

  private NaughtyStrings() {}
}
