package io.mybella.voice.elevenlabs.account;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A voice of the account.
 *
 * @param voiceId its id
 * @param name its name
 * @param category such as {@code premade}, {@code professional} or {@code cloned}
 * @param description what it sounds like
 * @param labels accent, age, gender, use case and the like
 * @param previewUrl where a recording of it is, as ElevenLabs says
 */
public record AccountVoice(
    String voiceId,
    String name,
    @Nullable String category,
    @Nullable String description,
    @Nullable Map<String, String> labels,
    @Nullable String previewUrl) {}
