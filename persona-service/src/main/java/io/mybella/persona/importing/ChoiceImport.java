package io.mybella.persona.importing;

import io.mybella.chassis.operator.RowResult;
import io.mybella.persona.account.AccountException;
import io.mybella.persona.activation.ActivePersonas;
import io.mybella.persona.activation.ActivePersonas.Choice;
import io.mybella.persona.activation.ActivePersonas.TakenOver;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Brings here which persona each user had chosen. */
@Service
public class ChoiceImport {

  private final ActivePersonas activePersonas;
  private final Clock clock;

  ChoiceImport(ActivePersonas activePersonas, Clock clock) {
    this.activePersonas = activePersonas;
    this.clock = clock;
  }

  /**
   * Takes over the choices of users who have made none here.
   *
   * @param rows at most one of each user
   * @return what became of each row, in their order
   * @throws AccountException.BeingDeleted when one of the accounts is
   */
  @Transactional
  public List<RowResult> importAll(List<ChoiceRow> rows) {
    Instant now = clock.instant();
    List<TakenOver> taken =
        activePersonas.takeOver(
            rows.stream()
                .map(
                    row ->
                        new Choice(
                            new UserId(row.userId()),
                            new PersonaId(row.personaId()),
                            PersonaImport.sensible(row.switchedAt(), now)))
                .toList());
    List<RowResult> results = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      results.add(result(rows.get(i), taken.get(i)));
    }
    return results;
  }

  private static RowResult result(ChoiceRow row, TakenOver taken) {
    return switch (taken) {
      case CHOSEN -> RowResult.imported(row.key(), row.personaId(), null);
      case SAME -> RowResult.present(row.key(), row.personaId());
      case ANOTHER ->
          RowResult.present(row.key(), null, "the user has chosen another persona here");
      case GONE -> RowResult.deletedSince(row.key());
      case NOT_THERE ->
          RowResult.skipped(
              row.key(), "there is no such persona for this user, or it is not offered");
    };
  }
}
