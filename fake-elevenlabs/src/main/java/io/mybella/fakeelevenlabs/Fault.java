package io.mybella.fakeelevenlabs;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The faults of the real one, by the names under which they are switched on over HTTP. */
public enum Fault {
  /** 401: nobody knows the key. */
  INVALID_API_KEY(401),
  /** 401: the key is good, but may not do this. */
  MISSING_PERMISSIONS(401),
  /** 401: the characters of the account are spent. */
  QUOTA_EXCEEDED(401),
  /** 401: the free plan is closed for this address. */
  DETECTED_UNUSUAL_ACTIVITY(401),
  /** 402: the voice is not in the plan. */
  PAID_PLAN_REQUIRED(402),
  /** 402: an invoice is open. */
  PAYMENT_REQUIRED(402),
  /** 400: cloning is not in the plan. */
  CAN_NOT_USE_INSTANT_VOICE_CLONING(400),
  /** 400: all slots for clones are taken. */
  VOICE_LIMIT_REACHED(400),
  /** 404: there is no such voice. */
  VOICE_NOT_FOUND(404),
  /** 400: the text is longer than the model takes. */
  MAX_CHARACTER_LIMIT_EXCEEDED(400),
  /** 403: the output format is not in the plan. */
  OUTPUT_FORMAT_NOT_ALLOWED(403),
  /** 429: all slots for speeches are taken. */
  CONCURRENT_LIMIT_EXCEEDED(429),
  /** 429: the same under its older name. */
  TOO_MANY_CONCURRENT_REQUESTS(429),
  /** 429: too many requests in a while. */
  RATE_LIMIT_EXCEEDED(429),
  /** 429: too much is asked of all of it. */
  SYSTEM_BUSY(429),
  /** 500 with a code. */
  SOMETHING_WENT_WRONG(500),
  /** 500 without a {@code detail}. */
  NO_DETAIL(500),
  /** 422 with an array that says what is malformed. */
  INVALID_REQUEST(422),
  /** 403 with a page of HTML, as a firewall answers. */
  HTML_FORBIDDEN(403),
  /** 200 with JSON in place of audio. */
  NO_AUDIO(200),
  /** 200 with audio that has no byte. */
  EMPTY_AUDIO(200),
  /** The first byte is late. */
  SLOW_FIRST_BYTE(200),
  /** The head comes, and nothing else. */
  SILENT(200),
  /** Half of it comes, and nothing else. */
  STALL(200),
  /** Half of it comes, then the connection ends. */
  RESET(200),
  /** It goes on without an end. */
  ENDLESS(200),
  /** Nothing comes at all. */
  IGNORED(200);

  private final int status;

  Fault(int status) {
    this.status = status;
  }

  /** The fault of that name, in lower case as ElevenLabs writes codes. */
  public static Optional<Fault> of(String code) {
    return Arrays.stream(values()).filter(fault -> fault.code().equals(code)).findFirst();
  }

  /** Its name in lower case, which for a refusal is the code that ElevenLabs gives. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How that looks, with the current shape of an error. */
  public Behaviour behaviour() {
    return behaviour(new Details(null, Duration.ofSeconds(10), false));
  }

  Behaviour behaviour(Details details) {
    return switch (this) {
      case NO_DETAIL -> new Behaviour.Answers(status, "application/json", "{}");
      case INVALID_REQUEST ->
          new Behaviour.Answers(
              status,
              "application/json",
              """
              {"detail":[{"loc":["body","text"],"msg":"Field required","type":"missing"}]}\
              """);
      case HTML_FORBIDDEN ->
          new Behaviour.Answers(status, "text/html", "<html><body>403 Forbidden</body></html>");
      case NO_AUDIO -> new Behaviour.Answers(status, "application/json", "{\"detail\":\"odd\"}");
      case EMPTY_AUDIO -> new Behaviour.Answers(status, "audio/mpeg", "");
      case SLOW_FIRST_BYTE -> new Behaviour.SpeaksSlowly(details.late(), Duration.ZERO);
      case SILENT -> new Behaviour.StaysSilent();
      case STALL -> new Behaviour.Stalls();
      case RESET -> new Behaviour.BreaksOff(new CountDownLatch(0));
      case ENDLESS -> new Behaviour.NeverEnds();
      case IGNORED -> new Behaviour.Ignores();
      default ->
          details.olderShape()
              ? new Behaviour.FailsAsBefore(status, code())
              : new Behaviour.Fails(status, code(), details.retryAfter());
    };
  }

  /**
   * What more can be said of a fault; what does not fit it is not looked at.
   *
   * @param retryAfter what the header {@code Retry-After} says
   * @param late how late the first byte is
   * @param olderShape whether the body has the older shape
   */
  record Details(@Nullable Duration retryAfter, Duration late, boolean olderShape) {}
}
