package io.mybella.fakeelevenlabs;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was used since the last reset: calls, slots, characters. */
final class Usage {

  /** Somebody who tries ids at random fills no memory. */
  private static final int MOST_VOICES = 10_000;

  private static final String ALL = "";

  private final Map<String, Count> counts = new HashMap<>();
  private final Map<Boolean, Integer> speaking = new HashMap<>();
  private long charged;
  private int taken;
  private long changed = System.nanoTime();
  private double slotNanos;

  /** Counts a call until it is closed. */
  synchronized Held call(String voice) {
    Count all = begun(ALL);
    Count one = counts.size() < MOST_VOICES || counts.containsKey(voice) ? begun(voice) : null;
    return () -> ended(all, one);
  }

  private Count begun(String voice) {
    Count count = counts.computeIfAbsent(voice, _ -> new Count());
    count.calls++;
    count.now++;
    count.most = Math.max(count.most, count.now);
    return count;
  }

  private synchronized void ended(Count all, @Nullable Count one) {
    all.now--;
    if (one != null) {
      one.now--;
    }
  }

  /**
   * Takes a slot and pays for a text.
   *
   * @throws ApiError when all slots are taken, or the characters are spent
   */
  synchronized Speaking speak(String voice, int characters, Model model, Account account)
      throws ApiError {
    int most = account.concurrencyOf(model);
    int now = speaking.getOrDefault(model.isQuick(), 0);
    int cost = model.cost(characters);
    if (charged + cost > account.characterLimit()) {
      throw ApiError.of(
          401,
          "quota_exceeded",
          "This request exceeds your quota of %d. You have %d credits remaining, while %d credits are required for this request."
              .formatted(account.characterLimit(), account.characterLimit() - charged, cost));
    }
    if (now >= most) {
      throw ApiError.of(
          429,
          "concurrent_limit_exceeded",
          "Too many concurrent requests. Your current subscription is associated with a maximum of %d concurrent requests."
              .formatted(most),
          concurrency(now, most));
    }
    charged += cost;
    speaking.put(model.isQuick(), now + 1);
    countSlots(1);
    for (String each : new String[] {ALL, voice}) {
      Count count = counts.get(each);
      if (count != null) {
        count.characters += characters;
      }
    }
    Map<String, String> headers = new HashMap<>(concurrency(now + 1, most));
    headers.put("character-cost", Integer.toString(cost));
    return new Speaking(headers, () -> fallSilent(model));
  }

  private synchronized void fallSilent(Model model) {
    speaking.merge(model.isQuick(), -1, Integer::sum);
    countSlots(-1);
  }

  /** Adds up for how long slots were taken until now, and goes on with more or fewer of them. */
  private void countSlots(int more) {
    long now = System.nanoTime();
    slotNanos += (double) taken * (now - changed);
    changed = now;
    taken += more;
  }

  /** For how many seconds a slot was taken: two of them for a second are two. */
  synchronized double slotSeconds() {
    countSlots(0);
    return slotNanos / 1e9;
  }

  private static Map<String, String> concurrency(int now, int most) {
    return Map.of(
        "current-concurrent-requests", Integer.toString(now),
        "maximum-concurrent-requests", Integer.toString(most));
  }

  synchronized Tally total() {
    return tally(counts.get(ALL));
  }

  synchronized Tally of(String voice) {
    return tally(counts.get(voice));
  }

  synchronized Map<String, Tally> byVoice() {
    Map<String, Tally> all = new TreeMap<>();
    counts.forEach((voice, count) -> all.put(voice, tally(count)));
    all.remove(ALL);
    return all;
  }

  /** What the account has spent. */
  synchronized long charged() {
    return charged;
  }

  private static Tally tally(@Nullable Count count) {
    return count == null ? Tally.NOTHING : new Tally(count.calls, count.most, count.characters);
  }

  private static final class Count {
    private int calls;
    private int now;
    private int most;
    private long characters;
  }

  /** Something that counts until it is closed. */
  @FunctionalInterface
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A slot that is taken.
   *
   * @param headers what ElevenLabs says of slots and of the price
   * @param slot gives it back
   */
  record Speaking(Map<String, String> headers, Held slot) implements AutoCloseable {
    @Override
    public void close() {
      slot.close();
    }
  }
}
