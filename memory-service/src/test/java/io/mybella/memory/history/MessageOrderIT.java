package io.mybella.memory.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.history.MessageRows.Attempt;
import io.mybella.memory.pair.PairId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;

/** Ids of a pair are in the order of commits, whatever the clocks of the writers say. */
@Timeout(60)
class MessageOrderIT extends MemoryServiceTest {

  private static final UUID FIRST = new UUID(0, 0);
  private final Instant now = Instant.now();

  @Autowired private MessageRows rows;

  @Test
  void whatIsCommittedLaterHasAGreaterIdAlsoWhenItsOwnIsLess() {
    PairId pair = talking();
    UUID early = idAt(now);
    UUID late = idAt(now.plusSeconds(60));

    UUID first = append(pair, late).id();
    UUID second = append(pair, early).id();
    UUID third = append(pair, idAt(now.plusSeconds(61))).id();

    assertThat(first).isEqualTo(late);
    assertThat(second)
        .isEqualTo(new UUID(late.getMostSignificantBits(), late.getLeastSignificantBits() + 1));
    assertThat(second.version()).isEqualTo(7);
    assertThat(second.variant()).isEqualTo(2);
    assertThat(third.getMostSignificantBits() >>> 16).isEqualTo(now.plusSeconds(61).toEpochMilli());
    assertThat(after(pair, FIRST, 10)).endsWith(first, second, third);
  }

  @Test
  void aReaderWhoGoesForwardSeesEveryMessageOnceWhileWritersOfDifferentClocksWrite()
      throws Exception {
    PairId pair = talking();
    List<UUID> seen = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<UUID>>> writers =
          Stream.of(Duration.ZERO, Duration.ofHours(-1), Duration.ofMillis(3), Duration.ofHours(1))
              .map(skew -> threads.submit(writer(pair, skew)))
              .toList();
      UUID cursor = FIRST;
      boolean ended = false;
      while (true) {
        List<UUID> page = after(pair, cursor, 7);
        seen.addAll(page);
        if (page.isEmpty() && ended) {
          break;
        }
        cursor = page.isEmpty() ? cursor : page.getLast();
        // Whoever has ended before the page is read has all on it or before it.
        ended = writers.stream().allMatch(Future::isDone);
      }
      List<UUID> written = new ArrayList<>();
      for (Future<List<UUID>> each : writers) {
        written.addAll(each.get());
      }
      assertThat(written).hasSize(200).doesNotHaveDuplicates();
      assertThat(seen).doesNotHaveDuplicates().containsAll(written).hasSize(201);
    }
  }

  private Callable<List<UUID>> writer(PairId pair, Duration skew) {
    return () -> {
      List<UUID> written = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        // As a service does it: the id is thought of before the statement, the order is not.
        written.add(append(pair, idAt(Instant.now().plus(skew))).id());
      }
      return written;
    };
  }

  private PairId talking() {
    PairId pair = newPair();
    say(pair, "the conversation is open");
    return pair;
  }

  private Message append(PairId pair, UUID id) {
    NewMessage message = new NewMessage(Role.USER, "x", null, null, null, null, null, null);
    OffsetDateTime longAgo = OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC);
    return ((Attempt.Stored) rows.append(pair, id, message, Instant.now(), longAgo).value())
        .message();
  }

  private List<UUID> after(PairId pair, UUID id, int limit) {
    return asSuperuser(
        db ->
            db.sql(
                    "SELECT id FROM chat_message WHERE id > :after AND %s ORDER BY id LIMIT :limit"
                        .formatted(of(pair)))
                .param("after", id)
                .param("limit", limit)
                .query(UUID.class)
                .list());
  }

  private static UUID idAt(Instant time) {
    return UuidCreator.getTimeOrderedEpoch(time);
  }
}
