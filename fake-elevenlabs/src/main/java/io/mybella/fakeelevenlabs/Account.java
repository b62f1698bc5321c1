package io.mybella.fakeelevenlabs;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the account may do. Numbers of the plans are those of elevenlabs.io/pricing and of its help
 * pages about concurrency and voice slots.
 *
 * @param tier the name of the plan
 * @param concurrency speeches at the same time; with Flash and Turbo twice as many
 * @param characterLimit characters of a period; one of Flash and Turbo counts as a half
 * @param voiceLimit slots for clones
 * @param canClone whether instant cloning is in the plan
 * @param highestQuality whether MP3 with 192 kbit/s is in the plan
 * @param studioQuality whether samples at 44.1 kHz and more are in the plan
 * @param key the only key that is accepted; {@code null}: any
 * @param knowsAnyName whether every id is a voice or a model, also one that is not in a list
 * @param voicesPerPage most voices on one page of the list, 100 at ElevenLabs
 */
public record Account(
    String tier,
    int concurrency,
    int characterLimit,
    int voiceLimit,
    boolean canClone,
    boolean highestQuality,
    boolean studioQuality,
    @Nullable String key,
    boolean knowsAnyName,
    int voicesPerPage) {

  private static final int VOICES_PER_PAGE = 100;

  private static final Map<String, Account> PLANS =
      Map.of(
          "free", plan("free", 2, 10_000, 3, false, false, false),
          "starter", plan("starter", 3, 30_000, 10, true, false, false),
          "creator", plan("creator", 5, 100_000, 30, true, true, false),
          "pro", plan("pro", 10, 500_000, 160, true, true, true),
          "scale", plan("scale", 15, 2_000_000, 660, true, true, true));

  /**
   * One for tests, in whose way nothing stands: whatever is to fail, a test says so.
   *
   * @see #ofPlan
   */
  public static Account withoutLimits() {
    return new Account(
        "business", 100, Integer.MAX_VALUE, 10_000, true, true, true, null, true, VOICES_PER_PAGE);
  }

  /**
   * One of a plan, which only speaks with the voices of its list and counts what is used.
   *
   * @param name {@code free}, {@code starter}, {@code creator}, {@code pro} or {@code scale}
   * @throws IllegalArgumentException when there is no such plan
   */
  public static Account ofPlan(String name) {
    Account account = PLANS.get(name);
    if (account == null) {
      throw new IllegalArgumentException(
          "There is no plan \"" + name + "\", but: free, starter, creator, pro, scale");
    }
    return account;
  }

  /** The same with another number of speeches at the same time. */
  public Account withConcurrency(int number) {
    return new Account(
        tier,
        number,
        characterLimit,
        voiceLimit,
        canClone,
        highestQuality,
        studioQuality,
        key,
        knowsAnyName,
        voicesPerPage);
  }

  /** The same with another number of characters. */
  public Account withCharacterLimit(int number) {
    return new Account(
        tier,
        concurrency,
        number,
        voiceLimit,
        canClone,
        highestQuality,
        studioQuality,
        key,
        knowsAnyName,
        voicesPerPage);
  }

  /** The same with another number of slots for clones. */
  public Account withVoiceLimit(int number) {
    return new Account(
        tier,
        concurrency,
        characterLimit,
        number,
        canClone,
        highestQuality,
        studioQuality,
        key,
        knowsAnyName,
        voicesPerPage);
  }

  /** The same that accepts this key alone. */
  public Account withKey(String only) {
    return new Account(
        tier,
        concurrency,
        characterLimit,
        voiceLimit,
        canClone,
        highestQuality,
        studioQuality,
        only,
        knowsAnyName,
        voicesPerPage);
  }

  /** The same with shorter pages, so that few voices fill several. */
  public Account withVoicesPerPage(int number) {
    return new Account(
        tier,
        concurrency,
        characterLimit,
        voiceLimit,
        canClone,
        highestQuality,
        studioQuality,
        key,
        knowsAnyName,
        number);
  }

  /** Speeches of a model at the same time. */
  int concurrencyOf(Model model) {
    return model.isQuick() ? Math.multiplyExact(concurrency, 2) : concurrency;
  }

  private static Account plan(
      String tier,
      int concurrency,
      int characters,
      int voices,
      boolean canClone,
      boolean highestQuality,
      boolean studioQuality) {
    return new Account(
        tier,
        concurrency,
        characters,
        voices,
        canClone,
        highestQuality,
        studioQuality,
        null,
        false,
        VOICES_PER_PAGE);
  }
}
