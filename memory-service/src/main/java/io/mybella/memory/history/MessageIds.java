package io.mybella.memory.history;

import io.mybella.chassis.id.IdGenerator;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Ids of many rows at once: each greater than the one before it. */
@Component
public class MessageIds {

  private static final long VERSION_7 = 0x7000;
  private static final long VARIANT = 1L << 63;
  private static final int COUNTER_BITS = 10;
  private static final int RANDOM_BITS = 62 - COUNTER_BITS;
  private static final long RANDOM = (1L << RANDOM_BITS) - 1;

  private final IdGenerator ids;

  MessageIds(IdGenerator ids) {
    this.ids = ids;
  }

  /**
   * Ids of now.
   *
   * @param last what all of them must be greater than
   */
  public List<UUID> next(int number, @Nullable UUID last) {
    List<UUID> given = new ArrayList<>(number);
    UUID greatest = last;
    for (int i = 0; i < number; i++) {
      greatest = after(greatest, ids.next());
      given.add(greatest);
    }
    return given;
  }

  /** As the database's {@code message_id_after}. */
  private static UUID after(@Nullable UUID last, UUID proposed) {
    return last == null || compare(proposed, last) > 0
        ? proposed
        : new UUID(last.getMostSignificantBits(), last.getLeastSignificantBits() + 1);
  }

  /** The order of the database, which is that of the bytes. */
  static int compare(UUID one, UUID other) {
    int upper = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return upper != 0
        ? upper
        : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
  }

  /**
   * Ids of times that have passed: UUIDv7 with the milliseconds, the microseconds in the twelve
   * bits after them, and a counter where these are the same.
   *
   * @param times none before the one in front of it, at most 1,000, none before 1970
   */
  List<UUID> at(List<Instant> times) {
    List<UUID> given = new ArrayList<>(times.size());
    long upperBefore = 0;
    long counter = 0;
    for (Instant time : times) {
      long upper = upperHalf(time);
      counter = upper == upperBefore ? counter + 1 : 0;
      upperBefore = upper;
      long random = ids.next().getLeastSignificantBits() & RANDOM;
      given.add(new UUID(upper, VARIANT | counter << RANDOM_BITS | random));
    }
    return given;
  }

  private static long upperHalf(Instant time) {
    long micros = time.get(ChronoField.MICRO_OF_SECOND) % 1_000;
    return time.toEpochMilli() << 16 | VERSION_7 | micros * 4_096 / 1_000;
  }
}
