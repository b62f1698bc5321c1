package io.mybella.memory.export.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.mybella.memory.fact.Fact;
import io.mybella.memory.fact.web.PreferenceBody;

/** A line about a value of a preference; {@code PUT …/memory/preferences} brings it back. */
record PreferenceLine(String type, @JsonUnwrapped PreferenceBody preference) {

  static PreferenceLine of(Fact fact) {
    return new PreferenceLine("preference", PreferenceBody.of(fact));
  }
}
