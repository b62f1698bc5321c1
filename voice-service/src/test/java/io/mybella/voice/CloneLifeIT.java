package io.mybella.voice;

import static io.mybella.voice.VoiceApi.header;
import static io.mybella.voice.VoiceApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.fakeelevenlabs.Account;
import io.mybella.fakeelevenlabs.Behaviour;
import io.mybella.voice.sample.SoundFiles;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What becomes of a sample at ElevenLabs, as its owner sees it. */
class CloneLifeIT extends ElevenLabsServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String ANNA = TestTokens.bearer(45_001);

  @Autowired BlobStore blobs;

  @Test
  void consentMayBeGivenLaterAndWithdrawn() {
    long persona = api.created(45_001L, null, ANNA);
    assertThat(allow(persona).statusCode()).as("there is no sample").isEqualTo(404);
    upload(persona, "false");
    assertThat(status(persona)).isEqualTo("stored");

    var allowed = allow(persona);
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(json(allowed).get("status").asString()).isIn("waiting", "cloning");
    String clone = cloneOf(persona, ANNA);
    assertThat(json(allow(persona)).get("status").asString()).as("said again").isEqualTo("ready");

    assertThat(forbid(persona)).isEqualTo(204);
    assertThat(status(persona)).isEqualTo("stored");
    assertThat(custom(persona).get("consent").asBoolean()).isFalse();
    assertThat(blobs.get(custom(persona).get("voice_url").asString())).isPresent();
    await().atMost(LIMIT).until(() -> isDeleted(clone));
    var spoken = api.speak(persona, "Not with my voice.", ANNA);
    assertThat(header(spoken, "X-Voice-Source")).isEqualTo("default");
    assertThat(header(spoken, "X-Voice-Fallback")).isEqualTo("no_consent");
    assertThat(forbid(persona)).as("said again").isEqualTo(204);
  }

  @Test
  void aCloneInTheMakingIsNotTakenWhenConsentIsWithdrawnAlsoIfItReturns() {
    long persona = api.created(45_001L, null, ANNA);
    CountDownLatch go = ELEVEN_LABS.holdClones();
    upload(persona, "true");
    await().atMost(LIMIT).until(() -> !ELEVEN_LABS.requests("/v1/voices/add").isEmpty());
    assertThat(status(persona)).isEqualTo("cloning");

    assertThat(forbid(persona)).isEqualTo(204);
    assertThat(status(persona)).isEqualTo("stored");
    allow(persona);
    go.countDown();

    String clone = cloneOf(persona, ANNA);
    assertThat(ELEVEN_LABS.requests("/v1/voices/add")).hasSize(2);
    await().atMost(LIMIT).until(() -> deleted().size() == 1);
    assertThat(isDeleted(clone)).isFalse();
    assertThat(rows("select count(*) from clone_in_making where persona_id = ?", persona)).isZero();
  }

  @Test
  void whoHasNotSpokenForLongestMakesRoomAndIsClonedAgainWhenItSpeaks() {
    long quiet = api.created(45_001L, null, ANNA);
    long talkative = api.created(45_001L, null, ANNA);
    long newcomer = api.created(45_001L, null, ANNA);
    upload(quiet, "true");
    String former = cloneOf(quiet, ANNA);
    upload(talkative, "true");
    String other = cloneOf(talkative, ANNA);
    unusedFor(quiet, "3 hours");
    unusedFor(talkative, "2 hours");
    api.speak(talkative, "I am here.", ANNA);

    ELEVEN_LABS.changeTo(Account.withoutLimits().withVoiceLimit(2));
    upload(newcomer, "true");
    assertThat(cloneOf(newcomer, ANNA)).isNotEqualTo(former);
    assertThat(deleted()).containsExactly(former);
    assertThat(cloneOf(talkative, ANNA)).as("it has just spoken").isEqualTo(other);
    assertThat(status(quiet)).as("it has nothing to say").isEqualTo("waiting");

    assertThat(header(api.speak(quiet, "May I?", ANNA), "X-Voice-Fallback")).isEqualTo("cloning");
    await().atMost(LIMIT).until(() -> status(quiet).equals("failed"));
    assertThat(custom(quiet).get("problem").asString()).isEqualTo("voice_limit_reached");
    assertThat(deleted()).as("all others have just spoken").hasSize(1);
    unusedFor(newcomer, "2 hours");
    attemptNow(quiet);
    assertThat(cloneOf(quiet, ANNA)).isNotEqualTo(former);
    assertThat(status(newcomer)).isEqualTo("waiting");
  }

  @Test
  void aPlanWithoutClonesIsToldAndNotAskedAgainForHours() {
    long persona = api.created(45_001L, null, ANNA);
    ELEVEN_LABS.changeTo(Account.ofPlan("free"));
    upload(persona, "true");

    await().atMost(LIMIT).until(() -> status(persona).equals("failed"));
    assertThat(custom(persona).get("problem").asString())
        .isEqualTo("can_not_use_instant_voice_cloning");
    assertThat(
            rows(
                """
                select count(*) from voice_sample
                where persona_id = ? and clone_next_attempt > now() + interval '5 hours'
                """,
                persona))
        .isEqualTo(1);
    // After any number of failures the pause can still be reckoned.
    database
        .sql("update voice_sample set clone_failures = 5000 where persona_id = ?")
        .param(persona)
        .update();
    ELEVEN_LABS.let("voices/add", new Behaviour.Fails(429, "system_busy"));
    attemptNow(persona);
    await()
        .atMost(LIMIT)
        .until(() -> custom(persona).path("problem").asString("").equals("system_busy"));
  }

  @Test
  void aCloneThatHasToBeVerifiedIsToldUntilItSpeaks() {
    long persona = api.created(45_001L, null, ANNA);
    clonesAre("clone-unverified", true);
    upload(persona, "true");
    cloneOf(persona, ANNA);
    assertThat(status(persona)).isEqualTo("requires_verification");

    ELEVEN_LABS.let("clone-unverified", new Behaviour.Fails(400, "voice_requires_verification"));
    assertThat(header(api.speak(persona, "Not yet.", ANNA), "X-Voice-Source")).isEqualTo("default");
    assertThat(status(persona)).isEqualTo("requires_verification");

    ELEVEN_LABS.let("clone-unverified", new Behaviour.Speaks());
    assertThat(header(api.speak(persona, "Now.", ANNA), "X-Voice-Source")).isEqualTo("custom");
    assertThat(status(persona)).isEqualTo("ready");
  }

  @Test
  void aCloneThatSomebodyDeletedInTheAccountIsMadeAnew() {
    long persona = api.created(45_001L, null, ANNA);
    upload(persona, "true");
    String gone = cloneOf(persona, ANNA);
    ELEVEN_LABS.let(gone, new Behaviour.Fails(404, "voice_not_found"));

    assertThat(header(api.speak(persona, "Hello?", ANNA), "X-Voice-Source")).isEqualTo("default");

    await().atMost(LIMIT).until(() -> cloneOf(persona, ANNA), clone -> !clone.equals(gone));
  }

  private void upload(long persona, String consent) {
    var uploaded = api.upload(persona, "me.wav", SoundFiles.wav(2), consent, ANNA);
    assertThat(uploaded.statusCode()).isEqualTo(200);
  }

  private java.net.http.HttpResponse<byte[]> allow(long persona) {
    return api.post("/api/personas/" + persona + "/voice/consent", "", ANNA);
  }

  private int forbid(long persona) {
    return api.delete("/api/personas/" + persona + "/voice/consent", ANNA).statusCode();
  }

  private JsonNode custom(long persona) {
    return json(api.get("/api/personas/" + persona + "/voice", ANNA)).get("custom_voice");
  }

  private String status(long persona) {
    return custom(persona).get("status").asString();
  }

  private static void clonesAre(String id, boolean requiresVerification) {
    ELEVEN_LABS.let(
        "voices/add",
        new Behaviour.Answers(
            200,
            "application/json",
            "{\"voice_id\":\"%s\",\"requires_verification\":%s}"
                .formatted(id, requiresVerification)));
  }

  private static List<String> deleted() {
    return ELEVEN_LABS.requests("/v1/voices/").stream()
        .filter(request -> request.method().equals("DELETE"))
        .map(request -> request.path().substring("/v1/voices/".length()))
        .toList();
  }

  private static boolean isDeleted(String clone) {
    return deleted().contains(clone);
  }

  private void unusedFor(long persona, String interval) {
    database
        .sql(
            """
            update voice_sample set clone_used_at = now() - cast(? as interval) where persona_id = ?
            """)
        .params(interval, persona)
        .update();
  }

  private void attemptNow(long persona) {
    database
        .sql("update voice_sample set clone_next_attempt = now() where persona_id = ?")
        .param(persona)
        .update();
  }

  private long rows(String sql, long persona) {
    return database.sql(sql).param(persona).query(Long.class).single();
  }
}
