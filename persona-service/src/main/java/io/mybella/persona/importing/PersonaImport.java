package io.mybella.persona.importing;

import io.mybella.chassis.operator.RowResult;
import io.mybella.persona.catalog.Newcomer;
import io.mybella.persona.catalog.PersonaIntake;
import io.mybella.persona.catalog.ProfileField;
import io.mybella.persona.catalog.ProfileTexts;
import io.mybella.persona.catalog.ProfileTexts.Fitted;
import io.mybella.persona.catalog.TakenIn;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import io.mybella.persona.importing.OriginRepository.Kept;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Brings the personas of an old installation here, each of them once. */
@Service
public class PersonaImport {

  private final OriginRepository origins;
  private final PersonaIntake intake;
  private final Clock clock;

  PersonaImport(OriginRepository origins, PersonaIntake intake, Clock clock) {
    this.origins = origins;
    this.intake = intake;
    this.clock = clock;
  }

  /**
   * Takes in what is not here yet. A persona of the system is the built-in one of its name, where
   * there is one; that stays as it is.
   *
   * @param source names the installation
   * @param rows no key twice
   * @return what became of each row, in their order
   */
  @Transactional
  public List<RowResult> importAll(String source, List<PersonaRow> rows) {
    origins.lock();
    var results = new LinkedHashMap<String, @Nullable RowResult>();
    rows.forEach(row -> results.put(row.key(), null));
    List<Kept> kept = new ArrayList<>();
    List<PersonaRow> fresh = settleKnown(source, rows, results);
    fresh = settleErased(fresh, results);
    fresh = settleBuiltIn(fresh, results, kept);
    takeIn(fresh, results, kept);
    origins.keep(source, kept);
    return results.values().stream().map(Objects::requireNonNull).toList();
  }

  /** Returns what was never imported before, as the two below return what is left for the next. */
  private List<PersonaRow> settleKnown(
      String source, List<PersonaRow> rows, Map<String, @Nullable RowResult> results) {
    Map<String, Origin> known = origins.find(source, rows.stream().map(PersonaRow::key).toList());
    known.forEach(
        (key, origin) ->
            results.put(
                key,
                origin.living()
                    ? RowResult.present(key, origin.personaId().value())
                    : RowResult.deletedSince(key)));
    return rows.stream().filter(row -> !known.containsKey(row.key())).toList();
  }

  private List<PersonaRow> settleErased(
      List<PersonaRow> rows, Map<String, @Nullable RowResult> results) {
    Set<UserId> erased =
        origins.erased(rows.stream().map(PersonaRow::owner).filter(Objects::nonNull).toList());
    List<PersonaRow> left = new ArrayList<>();
    for (PersonaRow row : rows) {
      UserId owner = row.owner();
      if (owner != null && erased.contains(owner)) {
        results.put(
            row.key(),
            RowResult.skipped(row.key(), "deleted here since: the account of its owner is gone"));
      } else {
        left.add(row);
      }
    }
    return left;
  }

  private List<PersonaRow> settleBuiltIn(
      List<PersonaRow> rows, Map<String, @Nullable RowResult> results, List<Kept> kept) {
    Map<String, PersonaId> builtIn =
        intake.builtInsNamed(
            rows.stream()
                .filter(PersonaRow::isOfTheSystem)
                .map(PersonaImport::nameOf)
                .distinct()
                .toList());
    List<PersonaRow> left = new ArrayList<>();
    for (PersonaRow row : rows) {
      PersonaId id = row.isOfTheSystem() ? builtIn.get(nameOf(row)) : null;
      if (id == null) {
        left.add(row);
      } else {
        results.put(row.key(), RowResult.present(row.key(), id.value()));
        kept.add(new Kept(row.key(), id, false));
      }
    }
    return left;
  }

  private static String nameOf(PersonaRow row) {
    Map<ProfileField, String> name = row.texts();
    name.keySet().retainAll(Set.of(ProfileField.NAME));
    return ProfileTexts.fitting(name).name();
  }

  private void takeIn(
      List<PersonaRow> rows, Map<String, @Nullable RowResult> results, List<Kept> kept) {
    Instant now = clock.instant();
    List<Fitted> fitted = rows.stream().map(row -> ProfileTexts.fitting(row.texts())).toList();
    List<Newcomer> newcomers = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      newcomers.add(newcomer(rows.get(i), fitted.get(i).texts(), now));
    }
    List<TakenIn> taken = intake.takeIn(newcomers);
    for (int i = 0; i < rows.size(); i++) {
      PersonaRow row = rows.get(i);
      TakenIn persona = taken.get(i);
      kept.add(new Kept(row.key(), persona.id(), true));
      results.put(
          row.key(),
          RowResult.imported(row.key(), persona.id().value(), reason(row, persona, fitted.get(i))));
    }
  }

  private static Newcomer newcomer(PersonaRow row, ProfileTexts texts, Instant now) {
    Instant created = sensible(row.createdAt(), now);
    return new Newcomer(
        PersonaId.ofNullable(row.oldId()),
        row.owner(),
        texts,
        row.isActive(),
        created,
        row.updatedAt() == null ? created : sensible(row.updatedAt(), now));
  }

  /** A time that may be: clocks and formats of old installations say anything. */
  static Instant sensible(@Nullable Instant given, Instant now) {
    return given == null || given.isBefore(Instant.EPOCH) || given.isAfter(now) ? now : given;
  }

  private static @Nullable String reason(PersonaRow row, TakenIn persona, Fitted fitted) {
    List<String> reasons = new ArrayList<>();
    if (row.oldId() != null && row.oldId() != persona.id().value()) {
      reasons.add(
          "has another id: %d is taken or not one of those for imports".formatted(row.oldId()));
    }
    if (persona.renamed()) {
      reasons.add("has another name: its owner uses that one already");
    }
    for (ProfileField field : fitted.changed()) {
      reasons.add(field.wireName() + " was cut or mended to what may stand there");
    }
    if (!row.isActive()) {
      reasons.add("is not offered, as it was not before");
    }
    return reasons.isEmpty() ? null : String.join("; ", reasons);
  }
}
