package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.options.FilePayload;
import io.mybella.local.LocalPlatform;
import io.mybella.system.ApiClient.Answer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * A fresh owner with just what one operation is about (a persona with picture, voice and memory, an
 * erasure, a key …), and the request that asks for it.
 */
final class Scene {

  private static final OpenApi CONTRACT = new OpenApi();
  private static final String PRESET = "21m00Tcm4TlvDq8ikWAM";

  private final LocalPlatform platform;
  private final Operation operation;
  private final Account owner;

  /** Stands in everything that the owner makes; nobody else may ever read it. */
  private final String canary = "canary" + UUID.randomUUID().toString().replace("-", "");

  private final String id;

  Scene(LocalPlatform platform, Operation operation) {
    this.platform = platform;
    this.operation = operation;
    this.owner = Account.register(platform, "Owner");
    this.id = prepared();
  }

  /** Text that stands in everything of the owner's. */
  String canary() {
    return canary;
  }

  /** The request for what is the owner's. */
  Call call() {
    return callFor(id);
  }

  /** The same request for something that is not there. */
  Call callForMissing() {
    return callFor(missing());
  }

  private String missing() {
    if (id.isEmpty()) {
      throw new AssertionError(operation + " answers 404 but names nothing that could be missing");
    }
    return id.matches("\\d+") ? "999999999" : UUID.randomUUID().toString();
  }

  /** What the kind of caller proves itself with. */
  Map<String, String> proof(Visitor visitor) throws SQLException {
    return switch (visitor) {
      case ANONYMOUS -> Account.visitor();
      case EXPIRED -> owner.expiredSession();
      case REVOKED -> owner.revokedKey();
      case NO_TOKEN -> owner.sessionWithoutToken();
      case OTHER -> Account.register(platform, "Other").session();
      case ADMIN -> Account.administrator(platform).session();
      case OWNER -> owner.session();
      case KEY -> owner.key();
    };
  }

  /** What the owner sees of what they have: it must look the same after a refusal. */
  List<JsonNode> belongings() {
    List<JsonNode> seen = new ArrayList<>();
    seen.add(owner.get("/api/auth/me").body());
    seen.add(owner.get("/api/personas/available").body());
    if (operation.isOfPersona()) {
      seen.add(owner.get("/api/personas/" + id + "/messages").body());
      seen.add(owner.get("/api/personas/" + id + "/voice").body());
    }
    if (operation.path().startsWith("/api/auth/api-keys")) {
      owner.get("/api/auth/api-keys").body().forEach(key -> seen.add(key.path("id")));
    }
    return seen;
  }

  private String prepared() {
    return switch (operation.path()) {
      case String path when path.startsWith("/api/personas/{id}") -> "" + furnishedPersona();
      case "/api/personas/switch" -> "" + owner.persona(canary);
      // There is no provider, so anything is missing.
      case "/api/auth/oidc", "/api/auth/oidc/callback" -> "provider";
      case "/api/personas/erasures/{erasure_id}" -> erasure();
      case "/api/auth/sessions/{id}" -> anotherSession();
      case "/api/auth/erasures/{erasure_id}" -> accountErasure();
      case "/api/auth/api-keys/{id}" -> owner.newKey(canary).body().path("id").asString();
      case "/api/auth/api-keys" -> {
        owner.newKey(canary);
        yield "";
      }
      case "/api/personas/available", "/api/personas/current" -> {
        long persona = owner.persona(canary);
        owner.call(
            Call.of("POST", "/api/personas/switch").json(Map.of("persona_id", persona)), 200);
        yield "";
      }
      case "/api/personas/voice-presets/{voice_id}/preview" -> PRESET;
      default -> {
        assertThat(operation.path()).as("add what this operation is about").doesNotContain("{");
        yield "";
      }
    };
  }

  private long furnishedPersona() {
    long persona =
        owner
            .call(
                Call.of("POST", "/api/personas/create")
                    .multipart(
                        Map.of("name", canary.substring(0, 38), "description", canary),
                        Map.of("avatar", Pictures.sunset())),
                201)
            .body()
            .at("/persona/id")
            .asLong();
    String path = "/api/personas/" + persona;
    owner.call(
        Call.of("POST", path + "/messages").json(Map.of("role", "user", "content", canary)), 201);
    owner.call(Call.of("POST", path + "/voice/upload").multipart(Map.of(), voice()), 200);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> owner.get(path).body().path("has_custom_voice").asBoolean());
    return persona;
  }

  private String anotherSession() {
    owner.newSession();
    return owner
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
    String path = "/api/personas/" + owner.persona(canary);
    return owner.call(Call.of("DELETE", path), 200).body().path("erasure_id").asString();
  }

  private Call callFor(String what) {
    return switch (operation.toString()) {
      case "POST /api/auth/login" ->
          Call.of(operation.method(), operation.path())
              .json(Map.of("email", owner.email(), "password", Account.PASSWORD));
      default -> callFor(operation, what);
    };
  }

  /**
   * A request that is as right as can be.
   *
   * @param what the id that it is about; of no meaning when it is about none
   */
  static Call callFor(Operation operation, String what) {
    Call call = Call.of(operation.method(), operation.path().replaceAll("\\{[^}]+}", what));
    return switch (operation.toString()) {
      case "POST /api/personas/switch" -> call.json(Map.of("persona_id", what));
      case "POST /api/personas/{id}/voice/upload" -> call.multipart(Map.of(), voice());
      case "POST /api/auth/register" ->
          call.json(
              Map.of(
                  "name",
                  "Newcomer",
                  "email",
                  Account.freshEmail("newcomer"),
                  "password",
                  Account.PASSWORD));
      case "DELETE /api/auth/me" -> call.json(Map.of("password", Account.PASSWORD));
      case "PUT /api/auth/password" ->
          call.json(
              Map.of(
                  "current_password",
                  Account.PASSWORD,
                  "new_password",
                  "another one than everybody has"));
      default -> CONTRACT.takesBody(operation) ? call.json(example(operation)) : call;
    };
  }

  private static JsonNode example(Operation operation) {
    return CONTRACT
        .exampleBody(operation)
        .orElseThrow(() -> new AssertionError("No example of a body: " + operation));
  }

  private static Map<String, FilePayload> voice() {
    return Map.of("voice_file", Recordings.hum());
  }

  Answer send(Call call, Map<String, String> proof) {
    return call.send(platform.baseUrl(), proof);
  }
}
