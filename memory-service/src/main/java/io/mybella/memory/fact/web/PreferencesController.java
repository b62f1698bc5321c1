package io.mybella.memory.fact.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.contracts.TextLimits;
import io.mybella.memory.fact.Fact;
import io.mybella.memory.fact.FactName;
import io.mybella.memory.fact.FactPage;
import io.mybella.memory.fact.FactPage.Place;
import io.mybella.memory.fact.Facts;
import io.mybella.memory.fact.Facts.Put;
import io.mybella.memory.fact.Source;
import io.mybella.memory.history.web.PlainText;
import io.mybella.memory.pair.PairId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("!embedder")
@RequestMapping("/api/personas/{id}/memory/preferences")
class PreferencesController {

  /** Some preferences, and the cursor of what comes after them. */
  record PreferencePageBody(List<PreferenceBody> preferences, @Nullable String nextAfter) {}

  /** A preference with the values that it has had, newest first. */
  record PreferenceValuesBody(
      String category, String key, @Nullable PreferenceBody current, List<PreferenceBody> history) {

    static PreferenceValuesBody of(FactName name, List<Fact> values) {
      return new PreferenceValuesBody(
          name.category(),
          name.key(),
          values.stream()
              .filter(each -> each.validUntil() == null)
              .map(PreferenceBody::of)
              .findFirst()
              .orElse(null),
          values.stream()
              .filter(each -> each.validUntil() != null)
              .map(PreferenceBody::of)
              .toList());
    }
  }

  /** The value that a preference is to have. */
  record NewValue(
      @NotBlank @PlainText(max = TextLimits.PREFERENCE_VALUE) String value,
      @DecimalMin("0") @DecimalMax("1") @Nullable Double confidence) {}

  private final Facts facts;

  PreferencesController(Facts facts) {
    this.facts = facts;
  }

  @GetMapping
  PreferencePageBody page(
      Caller caller,
      @PathVariable long id,
      @RequestParam(defaultValue = "false") boolean history,
      @RequestParam(defaultValue = "100") @Min(1) @Max(200) int limit,
      @RequestParam(required = false) @Nullable String after) {
    PairId pair = new PairId(caller.userId(), id);
    Place place = after == null ? null : PlaceCursor.read(pair, history, after);
    FactPage page =
        history ? facts.withHistory(pair, place, limit) : facts.current(pair, place, limit);
    return new PreferencePageBody(
        page.facts().stream().map(PreferenceBody::of).toList(),
        page.next() == null ? null : PlaceCursor.write(pair, history, page.next()));
  }

  @GetMapping("/{category}/{key}")
  PreferenceValuesBody values(
      Caller caller,
      @PathVariable long id,
      @PathVariable String category,
      @PathVariable String key) {
    FactName name = name(category, key);
    return PreferenceValuesBody.of(name, facts.values(new PairId(caller.userId(), id), name));
  }

  @PutMapping(path = "/{category}/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<PreferenceBody> put(
      Caller caller,
      @PathVariable long id,
      @PathVariable String category,
      @PathVariable String key,
      @Valid @RequestBody NewValue value) {
    Put put =
        facts.put(
            new PairId(caller.userId(), id),
            name(category, key),
            value.value().strip(),
            Objects.requireNonNullElse(value.confidence(), Source.SET.confidence()));
    return ResponseEntity.status(put.added() ? HttpStatus.CREATED : HttpStatus.OK)
        .body(PreferenceBody.of(put.fact()));
  }

  @DeleteMapping("/{category}/{key}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void erase(
      Caller caller,
      @PathVariable long id,
      @PathVariable String category,
      @PathVariable String key) {
    facts.erase(new PairId(caller.userId(), id), name(category, key));
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void eraseAll(Caller caller, @PathVariable long id) {
    facts.eraseAll(new PairId(caller.userId(), id));
  }

  private static FactName name(String category, String key) {
    return FactName.of(category, key)
        .orElseThrow(
            () ->
                Problem.badRequest(
                    "A category has 1 to %d characters and a key 1 to %d, none of them / \\ ; %% or an unpaired surrogate"
                        .formatted(TextLimits.PREFERENCE_CATEGORY, TextLimits.PREFERENCE_KEY)));
  }
}
