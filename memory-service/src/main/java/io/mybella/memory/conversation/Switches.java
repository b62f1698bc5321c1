package io.mybella.memory.conversation;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.work.WorkLedger;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Opens the conversations of users who turn to a persona, or has them go on. */
@Service
public class Switches {

  /**
   * The order of users is that of their ids, so that two who take the same switches never cross.
   */
  private static final String TAKE =
      """
      SELECT taken.refused, taken.asked
      FROM (
        SELECT user_id, array_agg(persona_id ORDER BY at) AS personas,
          array_agg(version ORDER BY at) AS versions, array_agg(id ORDER BY at) AS ids
        FROM unnest(:users::bigint[], :personas::bigint[], :versions::bigint[], :ids::uuid[])
          WITH ORDINALITY AS switch (user_id, persona_id, version, id, at)
        GROUP BY user_id ORDER BY user_id) AS switches,
        LATERAL take_switches(user_id, personas, versions, ids, :now,
          make_interval(secs => :idle_seconds)) AS taken
      """;

  private final PersonaScope scope;
  private final WorkLedger ledger;
  private final IdGenerator ids;
  private final Clock clock;
  private final ConversationProperties properties;

  Switches(
      PersonaScope scope,
      WorkLedger ledger,
      IdGenerator ids,
      Clock clock,
      ConversationProperties properties) {
    this.scope = scope;
    this.ledger = ledger;
    this.ids = ids;
    this.clock = clock;
    this.properties = properties;
  }

  /**
   * A user has turned to a persona.
   *
   * @param version counts the user's switches
   */
  public record Switch(PairId pair, long version) {}

  private record Taken(@Nullable Long refused, boolean asked) {}

  /**
   * Takes switches, in one transaction: for each the pair's conversation is opened or goes on.
   * Those that are older than one already taken have no effect, nor have those to a persona that is
   * gone, nor those of a user who is.
   *
   * @param switches those of a user in their order
   * @throws IllegalArgumentException when a persona is known to be somebody else's; then none is
   *     taken
   */
  public void take(List<Switch> switches) {
    scope.callBinding(
        db -> {
          List<Taken> taken = take(db, switches);
          for (Taken each : taken) {
            if (each.refused() != null) {
              throw new IllegalArgumentException(
                  "A switch to a persona of somebody else: " + each.refused());
            }
          }
          if (taken.stream().anyMatch(Taken::asked)) {
            ledger.asked(Conversations.WORK);
          }
          return true;
        });
  }

  private List<Taken> take(JdbcClient db, List<Switch> switches) {
    return db.sql(TAKE)
        .param("users", column(switches, each -> each.pair().userId()))
        .param("personas", column(switches, each -> each.pair().personaId()))
        .param("versions", column(switches, Switch::version))
        .param("ids", column(switches, _ -> ids.next()))
        .param("now", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
        .param("idle_seconds", properties.idle().toMillis() / 1_000.0)
        .query((row, _) -> new Taken(row.getObject("refused", Long.class), row.getBoolean("asked")))
        .list();
  }

  private static String[] column(List<Switch> switches, Function<Switch, Object> part) {
    return switches.stream().map(part).map(Object::toString).toArray(String[]::new);
  }
}
