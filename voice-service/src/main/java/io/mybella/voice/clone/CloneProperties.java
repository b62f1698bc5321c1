package io.mybella.voice.clone;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The clones at ElevenLabs.
 *
 * @param keep how long a clone stays after its persona has spoken, however full the account is;
 *     afterwards the one that was not used for longest makes room for a new one
 */
@Validated
@ConfigurationProperties("mybella.voice.clones")
record CloneProperties(@DefaultValue("1h") @DurationMin Duration keep) {}
