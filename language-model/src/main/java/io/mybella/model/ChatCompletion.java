package io.mybella.model;

import io.mybella.model.Dialect.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the body of a chat completions request. */
final class ChatCompletion {

  private final JsonMapper json;
  private final ModelProperties properties;

  ChatCompletion(JsonMapper json, ModelProperties properties) {
    this.json = json;
    this.properties = properties;
  }

  String body(ModelRequest request, Dialect dialect) {
    ObjectNode body = json.createObjectNode();
    body.put("model", properties.name());
    body.put(Option.STREAM.parameter(), dialect.has(Option.STREAM));
    if (dialect.has(Option.STREAM) && dialect.has(Option.COUNT)) {
      body.putObject(Option.COUNT.parameter()).put("include_usage", true);
    }
    if (request.json() && dialect.has(Option.JSON)) {
      body.putObject(Option.JSON.parameter()).put("type", "json_object");
    }
    if (dialect.bound() != null) {
      body.put(dialect.bound(), properties.maxTokens());
    }
    ArrayNode messages = body.putArray("messages");
    for (ModelMessage message : request.messages()) {
      messages.addObject().put("role", message.role().wireName()).put("content", message.content());
    }
    return json.writeValueAsString(body);
  }
}
