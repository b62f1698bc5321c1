package io.mybella.persona.catalog.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.persona.catalog.AvailablePersonas;
import io.mybella.persona.catalog.PersonaView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Entity tags (RFC 9110, section 8.8.3). The tag of a persona begins with its version; what else
 * can change in its representation follows, so that a cache sees it and {@code If-Match} does not
 * mind.
 */
public final class PersonaTags {

  private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})(?:-[a-z-]*)?\"");
  private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*");

  private PersonaTags() {}

  /** The tag of one persona, such as {@code "3"} or {@code "3-current"}. */
  public static String of(PersonaView persona) {
    return "\""
        + persona.version()
        + (persona.isCurrent() ? "-current" : "")
        + (persona.hasCustomVoice() ? "-voice" : "")
        + '"';
  }

  /**
   * The tag of a list. It takes no more than a walk over the list, so a front end that polls costs
   * one statement and an empty answer. A weak one: nothing is changed under its condition, the same
   * list may be compressed on its way, and a long one is not of a single moment.
   */
  static String of(long userId, List<AvailablePersonas.Entry> personas) {
    long hash = userId;
    for (AvailablePersonas.Entry persona : personas) {
      hash = mix(hash, persona.id());
      hash = mix(hash, persona.version());
      hash = mix(hash, (persona.isCurrent() ? 1 : 0) + (persona.hasCustomVoice() ? 2 : 0));
    }
    return "W/\"" + Long.toHexString(hash) + '"';
  }

  /**
   * What {@code If-Match} asks of a version. A weak tag matches none (RFC 9110, section 13.1.1):
   * who has one cannot tell which of several representations it saw.
   *
   * @param header the header's value; null asks nothing
   * @throws Problem 400 when it is neither {@code *} nor a list of tags
   */
  static LongPredicate ifMatch(@Nullable String header) {
    if (header == null || header.isBlank() || header.strip().equals("*")) {
      return version -> true;
    }
    Set<Long> versions = new HashSet<>();
    for (String tag : SEPARATOR.split(header.strip(), -1)) {
      Matcher matcher = TAG.matcher(tag);
      if (matcher.matches()) {
        versions.add(Long.parseLong(matcher.group(1)));
      } else if (!tag.endsWith("\"")) {
        throw Problem.badRequest("If-Match must be the ETag of the persona");
      }
    }
    return versions::contains;
  }

  /** One step of the 64-bit finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long hash, long value) {
    long z = hash * 31 + value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
