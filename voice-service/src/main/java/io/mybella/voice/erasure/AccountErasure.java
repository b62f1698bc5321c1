package io.mybella.voice.erasure;

import io.mybella.contracts.event.AccountDeleted;
import io.mybella.voice.account.ErasedAccounts;
import io.mybella.voice.account.ErasedAccounts.Mark;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.sample.CloneRemoved;
import io.mybella.voice.sample.CustomVoices;
import io.mybella.voice.speech.SpeechCache;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases what this service holds of a user whose account was deleted. The mark of the erased
 * account commits first: from then on no persona of the user becomes known here, and none takes a
 * sample. Then the files go, without a transaction because the store may take its time. Then
 * everything else goes in one transaction, and the receipt with it, unless ElevenLabs has yet to
 * delete a clone; then the receipt is given when the last one is gone.
 *
 * <p>It needs no inbox: told again, it finds nothing left and answers with the same counts.
 */
@Service
public class AccountErasure {

  private final ErasedAccounts accounts;
  private final KnownPersonas personas;
  private final CustomVoices voices;
  private final SpeechCache cache;
  private final ApplicationEventPublisher events;
  private final TransactionTemplate transaction;
  private final Clock clock;

  AccountErasure(
      ErasedAccounts accounts,
      KnownPersonas personas,
      CustomVoices voices,
      SpeechCache cache,
      ApplicationEventPublisher events,
      TransactionTemplate transaction,
      Clock clock) {
    this.accounts = accounts;
    this.personas = personas;
    this.voices = voices;
    this.cache = cache;
    this.events = events;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Erases a user for good. */
  public void erase(AccountDeleted deleted) {
    long userId = deleted.userId();
    List<Long> ids =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  accounts.bury(userId, deleted.erasureId(), clock.instant());
                  // An upload either ends before this and is erased, or comes after and is refused.
                  return personas.suspendAllOf(userId);
                }));
    long files = ids.stream().mapToLong(voices::eraseFiles).sum();
    transaction.executeWithoutResult(
        status -> {
          Mark mark = accounts.lock(userId).orElseThrow();
          personas.buryAllOf(userId);
          CustomVoices.Erased erased = voices.eraseAllOf(userId, files);
          Map<String, Long> counts =
              Map.of(
                  "voice_sample", erased.samples(),
                  "blob", erased.blobs(),
                  "clone", erased.clones(),
                  "cached_audio", cache.forgetUser(userId));
          Mark erasedSoFar = accounts.add(userId, mark, counts);
          if (voices.unfinishedClonesOf(userId) == 0) {
            accounts.complete(userId, clock.instant());
            tell(deleted.erasureId(), userId, erasedSoFar);
          }
        });
  }

  /**
   * Two clones may be removed at the same time: whoever comes to the mark second sees both gone.
   */
  @EventListener
  @Transactional(propagation = Propagation.MANDATORY)
  void completeWhenTheLastCloneIsGone(CloneRemoved removed) {
    Long userId = removed.ownerUserId();
    if (userId == null) {
      return;
    }
    accounts
        .lock(userId)
        .filter(mark -> voices.unfinishedClonesOf(userId) == 0)
        .filter(mark -> accounts.complete(userId, clock.instant()))
        .ifPresent(mark -> tell(mark.erasureId(), userId, mark));
  }

  private void tell(UUID erasureId, long userId, Mark mark) {
    Instant now = clock.instant();
    events.publishEvent(new AccountReceipt(erasureId, userId, mark.counts(), now));
  }
}
