package io.mybella.system;

import com.microsoft.playwright.options.FilePayload;
import io.mybella.system.ApiClient.Answer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** An owner with just what one operation is about, and the request that asks for it. */
final class Scene {

  private static final OpenApi CONTRACT = new OpenApi();

  private final Owner owner;
  private final Operation operation;
  private final String id;

  /** One of the owner's messages, conversations or jobs, where the operation names one. */
  private final String part;

  private Scene(Owner owner, Operation operation) {
    this.owner = owner;
    this.operation = operation;
    this.id = owner.thingOf(operation);
    this.part = owner.partOf(id, operation);
  }

  /**
   * A scene whose owner no other test needs as they are.
   *
   * @param owner whom the operation may change or end
   */
  static Scene with(Owner owner, Operation operation) {
    return new Scene(owner, operation);
  }

  /**
   * A scene whose owner others use as well.
   *
   * @throws IllegalArgumentException for an operation that could change the owner
   */
  static Scene shared(Owner owner, Operation operation) {
    if (!operation.isRead()) {
      throw new IllegalArgumentException(operation + " needs an owner of its own");
    }
    return new Scene(owner, operation);
  }

  /** Whose thing the operation is about. */
  Owner owner() {
    return owner;
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

  /** What the owner sees of what they have: it must look the same after a refusal. */
  List<JsonNode> belongings() {
    return owner.belongings(operation);
  }

  private Call callFor(String what) {
    return switch (operation.toString()) {
      case "POST /api/auth/login" ->
          Call.of(operation.method(), operation.path())
              .json(Map.of("email", owner.account().email(), "password", Account.PASSWORD));
      default -> callFor(operation, what, part);
    };
  }

  /**
   * A request that is as right as can be.
   *
   * @param what the id that it is about; of no meaning when it is about none. Where it is about a
   *     message, a conversation, a speech or a job of it, that is one which is not there
   */
  static Call callFor(Operation operation, String what) {
    return callFor(operation, what, UUID.randomUUID().toString());
  }

  private static Call callFor(Operation operation, String what, String part) {
    Call call =
        Call.of(
            operation.method(),
            operation
                    .path()
                    .replaceAll("\\{(message|conversation|speech|job)_id}", part)
                    .replace("{category}/{key}", Owner.PREFERENCE)
                    .replaceAll("\\{[^}]+}", what)
                + asked(operation));
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

  /** The query, where one is needed: a word that stands in everything of an owner's. */
  private static String asked(Operation operation) {
    return CONTRACT.queryParameters(operation).contains("q") ? "?q=canary*" : "";
  }

  private static JsonNode example(Operation operation) {
    return CONTRACT
        .exampleBody(operation)
        .orElseThrow(() -> new AssertionError("No example of a body: " + operation));
  }

  private static Map<String, FilePayload> voice() {
    return Map.of("voice_file", Recordings.hum());
  }

  /** Sends a request of this scene to the public door. */
  Answer send(Call call, Map<String, String> proof) {
    return send(owner.account().server(), call, proof);
  }

  /** Sends a request of this scene to one of the servers. */
  Answer send(URI server, Call call, Map<String, String> proof) {
    if (!call.method().equals(operation.method())) {
      throw new IllegalArgumentException(call + " is no request of a scene of " + operation);
    }
    return call.send(server, proof);
  }
}
