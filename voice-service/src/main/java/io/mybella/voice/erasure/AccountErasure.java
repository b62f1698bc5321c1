package io.mybella.voice.erasure;

import io.mybella.chassis.erasure.AccountEraser;
import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.voice.clone.CloneRemoved;
import io.mybella.voice.clone.Clones;
import io.mybella.voice.job.SpeechJobs;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.recording.Recordings;
import io.mybella.voice.sample.CustomVoices;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases what this service holds of a user whose account was deleted. Since the mark of the erased
 * account no persona of the user becomes known here; first of all, none takes a sample any more.
 * Then the files go, without a transaction because the store may take its time. Then everything
 * else goes in one transaction, and the receipt with it, unless ElevenLabs has yet to delete a
 * clone; then the receipt is given when the last one is gone.
 */
@Service
class AccountErasure implements AccountEraser {

  private final ErasedAccounts accounts;
  private final KnownPersonas personas;
  private final CustomVoices voices;
  private final Clones clones;
  private final SpeechJobs jobs;
  private final Recordings recordings;
  private final TransactionTemplate transaction;

  AccountErasure(
      ErasedAccounts accounts,
      KnownPersonas personas,
      CustomVoices voices,
      Clones clones,
      SpeechJobs jobs,
      Recordings recordings,
      TransactionTemplate transaction) {
    this.accounts = accounts;
    this.personas = personas;
    this.voices = voices;
    this.clones = clones;
    this.jobs = jobs;
    this.recordings = recordings;
    this.transaction = transaction;
  }

  @Override
  public void erase(long userId) {
    // An upload either ends before this and is erased, or comes after and is refused.
    List<Long> ids =
        Objects.requireNonNull(transaction.execute(status -> personas.suspendAllOf(userId)));
    recordings.eraseFilesOfUser(userId);
    long files = ids.stream().mapToLong(voices::eraseFiles).sum();
    jobs.eraseFilesOfUser(userId);
    transaction.executeWithoutResult(
        status -> {
          accounts.lock(userId);
          personas.buryAllOf(userId);
          long clonesBefore = clones.unfinishedOf(userId);
          CustomVoices.Erased erased = voices.eraseAllOf(userId, files);
          accounts.count(
              userId,
              Map.of(
                  "voice_sample", erased.samples(),
                  "blob", erased.blobs(),
                  "clone", clones.unfinishedOf(userId) - clonesBefore,
                  "speech_job", jobs.eraseOfUser(userId),
                  "cached_audio", recordings.eraseUser(userId)));
          completeUnlessClonesAreLeft(userId);
        });
  }

  /**
   * Two clones may be removed at the same time: whoever comes to the mark second sees both gone.
   */
  @EventListener
  @Transactional(propagation = Propagation.MANDATORY)
  void completeWhenTheLastCloneIsGone(CloneRemoved removed) {
    Long userId = removed.ownerUserId();
    if (userId != null && accounts.lock(userId)) {
      completeUnlessClonesAreLeft(userId);
    }
  }

  private void completeUnlessClonesAreLeft(long userId) {
    if (clones.unfinishedOf(userId) == 0) {
      accounts.complete(userId);
    }
  }
}
