package io.mybella.chat.conversation.web;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Stands for persona-service and memory-service over HTTP: one persona, 4, and its memory. */
final class Neighbours {

  static final String SAID_ID = "0198c0de-0000-7000-8000-000000000001";
  static final String REPLY_ID = "0198c0de-0000-7000-8000-000000000002";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final WireMockServer server = new WireMockServer(options().dynamicPort());

  Neighbours() {
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  WireMockServer server() {
    return server;
  }

  /** Everything is well, and the conversation begins. */
  void reset() {
    server.resetAll();
    server.stubFor(
        get("/api/personas/4")
            .willReturn(
                okJson(
                    """
                    {"id": 4, "name": "Maya", "display_name": "Maya", "description": "A wise friend.",
                     "avatar": null, "avatar_url": null, "personality_traits": "Calm, Kind",
                     "communication_style": "philosophical", "tagline": "Look up", "voice_id": null,
                     "has_custom_voice": false, "is_custom": false, "is_current": true}
                    """)));
    server.stubFor(
        get(urlPathEqualTo("/api/personas/5"))
            .willReturn(
                aResponse()
                    .withStatus(404)
                    .withHeader("Content-Type", "application/problem+json")
                    .withBody(
                        """
                        {"type": "urn:mybella:problem:not-found", "title": "Not Found", "status": 404,
                         "detail": "Persona not found", "error": "Persona not found"}
                        """)));
    server.stubFor(
        post("/api/personas/4/messages")
            .withRequestBody(matchingJsonPath("$[?(@.role == 'assistant')]"))
            .willReturn(stored(REPLY_ID, 201)));
    server.stubFor(
        post("/api/personas/4/messages")
            .withRequestBody(matchingJsonPath("$[?(@.role == 'user')]"))
            .willReturn(stored(SAID_ID, 201)));
    remembers("[]");
  }

  /** The context holds these messages before the one that is said. */
  void remembers(String earlier) {
    remembers(earlier, "[]");
  }

  /** The same, with messages after the one that is said. */
  void remembers(String earlier, String later) {
    var messages = JSON.createArrayNode();
    JSON.readTree(earlier).forEach(messages::add);
    messages.add(message(SAID_ID, "user", "as stored"));
    JSON.readTree(later).forEach(messages::add);
    ObjectNode context = JSON.createObjectNode();
    context.set("messages", messages);
    context.putNull("summary");
    context.putArray("preferences");
    context.putArray("recalled");
    server.stubFor(
        get(urlPathEqualTo("/api/personas/4/memory/context"))
            .willReturn(okJson(context.toString())));
  }

  /** What is said was said before, and got this reply. */
  void hasReplied(ObjectNode reply) {
    server.stubFor(
        post("/api/personas/4/messages")
            .withRequestBody(matchingJsonPath("$[?(@.role == 'user')]"))
            .willReturn(stored(SAID_ID, 200)));
    ObjectNode page = JSON.createObjectNode();
    page.putArray("messages").add(reply);
    server.stubFor(
        get(urlPathEqualTo("/api/personas/4/messages"))
            .withQueryParam("in_reply_to", equalTo(SAID_ID))
            .willReturn(okJson(page.toString())));
  }

  /** Another turn has its reply remembered before this one. */
  void repliesMeanwhile(ObjectNode reply) {
    server.stubFor(
        post("/api/personas/4/messages")
            .withRequestBody(matchingJsonPath("$[?(@.role == 'assistant')]"))
            .willReturn(okJson(reply.toString())));
  }

  /** What memory-service was given to store with that role. */
  List<JsonNode> stored(String persona, String role) {
    return server
        .findAll(
            postRequestedFor(urlPathEqualTo("/api/personas/" + persona + "/messages"))
                .withRequestBody(matchingJsonPath("$[?(@.role == '" + role + "')]")))
        .stream()
        .map(request -> JSON.readTree(request.getBodyAsString()))
        .toList();
  }

  List<LoggedRequest> requests() {
    return server.findAll(
        com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor(urlMatching(".*")));
  }

  static ObjectNode message(String id, String role, String content) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("role", role)
        .put("content", content)
        .put("created_at", "2026-11-22T10:15:30Z");
  }

  private static com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder stored(
      String id, int status) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/json")
        .withTransformers("response-template")
        .withBody(
            """
            {"id": "%s", "role": {{{toJson (jsonPath request.body '$.role')}}},
             "content": {{{toJson (jsonPath request.body '$.content')}}},
             "created_at": "2026-11-22T10:15:30.123Z", "client_message_id": null}
            """
                .formatted(id));
  }
}
