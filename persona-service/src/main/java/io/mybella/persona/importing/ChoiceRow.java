package io.mybella.persona.importing;

import io.mybella.chassis.operator.RowResults;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which persona a user had chosen in an old installation.
 *
 * @param key names the row
 * @param userId the user's id here
 * @param personaId the persona's id here
 * @param switchedAt null or senseless means now
 */
public record ChoiceRow(
    @NotNull @Pattern(regexp = RowResults.KEY) String key,
    @Positive long userId,
    @Positive long personaId,
    @Nullable Instant switchedAt) {}
