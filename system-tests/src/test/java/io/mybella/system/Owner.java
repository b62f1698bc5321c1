package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.local.TestPlatform;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who has what operations are about: a persona with picture, voice and memory, an erasure,
 * a key and so on. Each thing and each proof is made when it is first asked for, and then kept.
 * Tests that run at the same time may share an owner.
 */
final class Owner {

  private static final String PRESET = "21m00Tcm4TlvDq8ikWAM";

  /** Something that each persona of the owner's has learned. */
  static final String PREFERENCE = "drinks/tea";

  private final TestPlatform platform;
  private final Account account;

  /** Stands in everything that the owner makes; nobody else may ever read it. Soon spoken. */
  private final String canary = "canary" + UUID.randomUUID().toString().substring(0, 8);

  private final Map<String, String> things = new HashMap<>();
  private final Map<Visitor, Map<String, String>> proofs = new HashMap<>();

  Owner(TestPlatform platform) {
    this.platform = platform;
    this.account = Account.register(platform, "Owner");
  }

  /** The account that everything belongs to. */
  Account account() {
    return account;
  }

  /** Text that stands in everything of the owner's. */
  String canary() {
    return canary;
  }

  /** What the owner proves themselves with, or what proves nothing any more. */
  synchronized Map<String, String> proof(Visitor visitor) throws SQLException {
    Map<String, String> known = proofs.get(visitor);
    if (known == null) {
      known =
          switch (visitor) {
            case EXPIRED -> account.expiredSession();
            case REVOKED -> account.revokedKey();
            case NO_TOKEN -> account.sessionWithoutToken();
            case OWNER -> account.session();
            case KEY -> account.key();
            case ANONYMOUS, OTHER, ADMIN ->
                throw new IllegalArgumentException(visitor + " is somebody else");
          };
      proofs.put(visitor, known);
    }
    return known;
  }

  /** The id of what the operation is about; empty when it is about nothing in particular. */
  synchronized String thingOf(Operation operation) {
    String about = about(operation.path());
    String known = things.get(about);
    if (known == null) {
      known = made(about);
      things.put(about, known);
    }
    return known;
  }

  /**
   * The id of a message or of a conversation that a persona of the owner's remembers, of what it
   * has said aloud, or of a job that it has spoken; empty when the operation is about nothing of
   * that.
   */
  String partOf(String persona, Operation operation) {
    String path = "/api/personas/" + persona;
    if (operation.isOfMessage()) {
      return account.get(path + "/messages").body().at("/messages/0/id").asString();
    }
    if (operation.isOfSpeech()) {
      return account
          .call(Call.of("POST", path + "/voice/speech").json(Map.of("text", "Hello.")), 200)
          .raw()
          .headers()
          .firstValue("Content-Location")
          .orElseThrow()
          .replaceAll(".*/", "");
    }
    if (operation.isOfSpeechJob()) {
      return spokenJob(path + "/voice/jobs");
    }
    return operation.isOfConversation()
        ? account.get(path + "/memory/conversations").body().at("/conversations/0/id").asString()
        : "";
  }

  /** What the owner sees of what they have, as far as the operation could touch it. */
  List<JsonNode> belongings(Operation operation) {
    List<JsonNode> seen = new ArrayList<>();
    seen.add(account.get("/api/auth/me").body());
    // Built-in ones are nobody's, and an administrator of another row may be changing one.
    account
        .get("/api/personas/available")
        .body()
        .valueStream()
        .filter(persona -> persona.path("is_custom").asBoolean())
        .forEach(seen::add);
    if (operation.isOfPersona()) {
      String persona = "/api/personas/" + thingOf(operation);
      seen.add(account.get(persona + "/messages").body());
      seen.add(account.get(persona + "/memory/preferences?history=true").body());
      seen.add(account.get(persona + "/voice").body());
    }
    if (operation.path().startsWith("/api/auth/api-keys")) {
      account.get("/api/auth/api-keys").body().forEach(key -> seen.add(key.path("id")));
    }
    return seen;
  }

  /** Operations on the same thing share it: the path up to the thing's own id. */
  private static String about(String path) {
    return path.startsWith("/api/personas/{id}") ? "/api/personas/{id}" : path;
  }

  private String made(String about) {
    return switch (about) {
      case "/api/personas/{id}" -> "" + furnishedPersona();
      case "/api/personas/switch" -> "" + account.persona(name());
      // There is no provider, so anything is missing.
      case "/api/auth/oidc", "/api/auth/oidc/callback" -> "provider";
      case "/api/personas/erasures/{erasure_id}" -> erasure();
      case "/api/auth/sessions/{id}" -> anotherSession();
      case "/api/auth/erasures/{erasure_id}" -> accountErasure();
      case "/api/auth/api-keys/{id}" -> account.newKey(canary).body().path("id").asString();
      case "/api/auth/api-keys" -> {
        account.newKey(canary);
        yield "";
      }
      case "/api/personas/available", "/api/personas/current" -> {
        long persona = account.persona(name());
        account.call(
            Call.of("POST", "/api/personas/switch").json(Map.of("persona_id", persona)), 200);
        yield "";
      }
      case "/api/personas/voice-presets/{voice_id}/preview" -> PRESET;
      default -> {
        assertThat(about).as("add what this operation is about").doesNotContain("{");
        yield "";
      }
    };
  }

  /** A name that the owner has not given yet, with the canary in it. */
  private String name() {
    return canary + " " + things.size();
  }

  private long furnishedPersona() {
    long persona =
        account
            .call(
                Call.of("POST", "/api/personas/create")
                    .multipart(
                        Map.of("name", name(), "description", canary),
                        Map.of("avatar", Pictures.sunset())),
                201)
            .body()
            .at("/persona/id")
            .asLong();
    String path = "/api/personas/" + persona;
    account.call(
        Call.of("POST", path + "/messages").json(Map.of("role", "user", "content", canary)), 201);
    account.call(
        Call.of("PUT", path + "/memory/preferences/" + PREFERENCE).json(Map.of("value", canary)),
        201);
    account.call(
        Call.of("POST", path + "/voice/upload")
            .multipart(Map.of(), Map.of("voice_file", Recordings.hum())),
        200);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> account.get(path).body().path("has_custom_voice").asBoolean());
    return persona;
  }

  private String spokenJob(String path) {
    String id =
        account
            .call(Call.of("POST", path).json(Map.of("text", canary)), 202)
            .body()
            .path("id")
            .asString();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> account.get(path + "/" + id).body().path("state").asString().equals("completed"));
    return id;
  }

  private String anotherSession() {
    account.newSession();
    return account
        .get("/api/auth/sessions")
        .body()
        .valueStream()
        .filter(session -> !session.path("current").asBoolean())
        .findFirst()
        .orElseThrow()
        .path("id")
        .asString();
  }

  private String accountErasure() {
    Call farewell = Call.of("DELETE", "/api/auth/me").json(Map.of("password", Account.PASSWORD));
    return Account.register(platform, "Gone")
        .call(farewell, 202)
        .body()
        .path("erasure_id")
        .asString();
  }

  private String erasure() {
    String path = "/api/personas/" + account.persona(name());
    return account.call(Call.of("DELETE", path), 200).body().path("erasure_id").asString();
  }
}
