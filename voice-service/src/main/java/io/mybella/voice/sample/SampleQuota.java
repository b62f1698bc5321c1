package io.mybella.voice.sample;

import io.mybella.chassis.problem.Problem;
import io.mybella.voice.sample.CustomVoiceRepository.Kept;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** How much one user may keep. */
@Component
class SampleQuota {

  private static final long MEGABYTE = 1024 * 1024;

  private final CustomVoiceRepository rows;
  private final SampleProperties limits;

  SampleQuota(CustomVoiceRepository rows, SampleProperties limits) {
    this.rows = rows;
    this.limits = limits;
  }

  /**
   * Looks whether there is room, before anything is done for a sample.
   *
   * @param personaId whose sample will be replaced, which makes room
   * @throws Problem 409 when there is none
   */
  void look(long userId, long personaId, int bytes) {
    Kept kept = rows.keptBy(userId, personaId);
    if (kept.samples() >= limits.perUser()) {
      throw Problem.conflict(
          "You have %d voice samples, as many as one user may have: remove one to make room"
              .formatted(kept.samples()));
    }
    if (kept.bytes() + bytes > limits.bytesPerUser().toBytes()) {
      throw Problem.conflict(
          "Your voice samples hold %.1f MB, this one %.1f, and one user may have %d: remove one to make room"
              .formatted(
                  (double) kept.bytes() / MEGABYTE,
                  (double) bytes / MEGABYTE,
                  limits.bytesPerUser().toMegabytes()));
    }
  }

  /**
   * The same for good: of the uploads of one user, one after the other passes here until its
   * transaction ends.
   *
   * @throws Problem 409 when there is no room
   */
  @Transactional(propagation = Propagation.MANDATORY)
  void claim(long userId, long personaId, int bytes) {
    rows.lockUploadsOf(userId);
    look(userId, personaId, bytes);
  }
}
