package io.mybella.voice.elevenlabs;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Why ElevenLabs did not do what it was asked for.
 *
 * @param kind what follows from it
 * @param reason ElevenLabs' own code such as {@code quota_exceeded}, or one of ours when it gave
 *     none; lower-case letters, digits and underscores, fit for a header
 * @param retryAfter how long it asks to wait, when it says so
 */
public record ElevenLabsFailure(Kind kind, String reason, @Nullable Duration retryAfter) {

  /** What follows from a failure. */
  public enum Kind {
    /** The key is wrong: nothing will work until an operator changes it. */
    INVALID_KEY,
    /** The key is good but may not do this. */
    MISSING_PERMISSION,
    /** The account has spent what it may; everything fails until that is reset. */
    QUOTA,
    /** This voice, or cloning, is not in the plan of the account. */
    NOT_IN_PLAN,
    /** The account has no room for another clone. */
    VOICE_LIMIT,
    /** The voice is gone. */
    VOICE_NOT_FOUND,
    /** The text is longer than the model takes. */
    TEXT_TOO_LONG,
    /** The output format is not in the plan. */
    FORMAT_NOT_ALLOWED,
    /** Too many requests at the same time: wait for one to end. */
    CONCURRENCY,
    /** Too many requests in a while: wait as told. */
    RATE,
    /** A passing fault: once more may help. */
    TRANSIENT,
    /** Our request was malformed; repeating it is of no use. */
    OUR_FAULT,
    /** Refused for a reason that is not known here. */
    REFUSED;

    /** Whether the same request may succeed a moment later. */
    public boolean isWorthARetry() {
      return this == TRANSIENT || this == CONCURRENCY || this == RATE;
    }

    /** Whether every other request would fail in the same way for minutes. */
    public boolean concernsTheAccount() {
      return this == INVALID_KEY || this == QUOTA;
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Pattern REASON = Pattern.compile("[a-z0-9_]{1,64}");

  /** From the error reference of ElevenLabs; current codes and older values of {@code status}. */
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("invalid_api_key", Kind.INVALID_KEY),
          Map.entry("missing_permissions", Kind.MISSING_PERMISSION),
          Map.entry("quota_exceeded", Kind.QUOTA),
          Map.entry("detected_unusual_activity", Kind.QUOTA),
          Map.entry("paid_plan_required", Kind.NOT_IN_PLAN),
          Map.entry("payment_required", Kind.NOT_IN_PLAN),
          Map.entry("can_not_use_instant_voice_cloning", Kind.NOT_IN_PLAN),
          Map.entry("voice_limit_reached", Kind.VOICE_LIMIT),
          Map.entry("voice_not_found", Kind.VOICE_NOT_FOUND),
          Map.entry("max_character_limit_exceeded", Kind.TEXT_TOO_LONG),
          Map.entry("output_format_not_allowed", Kind.FORMAT_NOT_ALLOWED),
          Map.entry("concurrent_limit_exceeded", Kind.CONCURRENCY),
          Map.entry("too_many_concurrent_requests", Kind.CONCURRENCY),
          Map.entry("rate_limit_exceeded", Kind.RATE),
          Map.entry("system_busy", Kind.RATE),
          Map.entry("something_went_wrong", Kind.TRANSIENT));

  /**
   * Reads an error answer: by its {@code code}, then by its older {@code status}, and by the number
   * only when it says neither.
   *
   * @param status of HTTP, 400 or more
   * @param body as received, possibly cut
   * @param retryAfter the header {@code Retry-After} in seconds, or {@code null}
   */
  public static ElevenLabsFailure classify(int status, String body, @Nullable String retryAfter) {
    Duration wait = seconds(retryAfter);
    JsonNode detail = detail(body);
    if (detail.isArray()) {
      return new ElevenLabsFailure(Kind.OUR_FAULT, "invalid_request", null);
    }
    for (String field : new String[] {"code", "status"}) {
      String code = detail.path(field).asString("");
      Kind kind = KINDS.get(code);
      if (kind != null) {
        return new ElevenLabsFailure(kind, code, wait);
      }
    }
    String code = detail.path("code").asString(detail.path("status").asString(""));
    String reason = REASON.matcher(code).matches() ? code : "upstream_" + status;
    return new ElevenLabsFailure(kindOf(status, !code.isEmpty()), reason, wait);
  }

  /** The reasons of ElevenLabs' error reference; it may give others. */
  public static Set<String> knownReasons() {
    return KINDS.keySet();
  }

  /** The failure of a call that brought no answer at all. */
  public static ElevenLabsFailure of(String reason) {
    return new ElevenLabsFailure(Kind.TRANSIENT, reason, null);
  }

  /** The failure of a call that was not made. */
  public static ElevenLabsFailure notAsked(String reason) {
    return new ElevenLabsFailure(Kind.REFUSED, reason, null);
  }

  private static Kind kindOf(int status, boolean saysWhy) {
    if (status >= 500) {
      return Kind.TRANSIENT;
    }
    return switch (status) {
      case 429 -> Kind.RATE;
      // Its firewall answers with a page of HTML; the API itself always says why.
      case 403 -> saysWhy ? Kind.REFUSED : Kind.TRANSIENT;
      case 422 -> Kind.OUR_FAULT;
      default -> Kind.REFUSED;
    };
  }

  private static JsonNode detail(String body) {
    try {
      return JSON.readTree(body).path("detail");
    } catch (JacksonException e) {
      return JSON.createObjectNode(); // Not JSON, such as the page of a firewall.
    }
  }

  private static @Nullable Duration seconds(@Nullable String retryAfter) {
    if (retryAfter == null || !retryAfter.matches("\\d{1,6}")) {
      return null;
    }
    return Duration.ofSeconds(Long.parseLong(retryAfter));
  }
}
