package io.mybella.fakeelevenlabs;

import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A text that is to be said.
 *
 * @param characters of the text
 * @param model that says it
 * @param format of the audio
 */
record SpeechRequest(int characters, Model model, OutputFormat format) {

  private static final int MOST_PREVIOUS = 3;

  /** Reads a request, and refuses one that ElevenLabs would not understand. */
  static SpeechRequest read(Request request, byte[] body, Account account) throws ApiError {
    JsonNode json = json(body);
    JsonNode text = json.path("text");
    if (!text.isString()) {
      throw ApiError.invalid(List.of("body", "text"), "Field required", "missing");
    }
    if (text.asString().isBlank()) {
      throw ApiError.of(400, "input_text_empty", "Input text cannot be empty.");
    }
    String id = json.path("model_id").asString(Model.DEFAULT.id());
    Model model = model(id, account);
    requireStitchable(json, model);
    return new SpeechRequest(
        text.asString().codePointCount(0, text.asString().length()),
        model,
        format(new Query(request.query()).first("output_format")));
  }

  /** Refuses what the model or the plan does not allow. */
  void requireAllowed(Account account) throws ApiError {
    if (characters > model.longestText()) {
      throw ApiError.of(
          400,
          "max_character_limit_exceeded",
          "This request's text has %d characters and exceeds the character limit of %d characters."
              .formatted(characters, model.longestText()));
    }
    if (!format.isIn(account)) {
      throw ApiError.of(
          403,
          "output_format_not_allowed",
          "The requested output format is not allowed for your subscription: " + account.tier());
    }
  }

  private static Model model(String id, Account account) throws ApiError {
    return Model.of(id)
        .or(() -> account.knowsAnyName() ? Optional.of(Model.DEFAULT) : Optional.empty())
        .orElseThrow(
            () ->
                ApiError.of(
                    400, "model_not_found", "A model with model ID " + id + " does not exist."));
  }

  private static JsonNode json(byte[] body) throws ApiError {
    try {
      JsonNode json = Json.MAPPER.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JacksonException e) {
      // Said below, as of other JSON.
    }
    throw ApiError.invalid(List.of("body"), "JSON decode error", "json_invalid");
  }

  private static void requireStitchable(JsonNode json, Model model) throws ApiError {
    int previous = json.path("previous_request_ids").size();
    if (previous > MOST_PREVIOUS) {
      throw ApiError.invalid(
          List.of("body", "previous_request_ids"), "At most 3 items", "too_long");
    }
    if (previous > 0 && model == Model.ELEVEN_V3) {
      throw ApiError.of(
          400, "unsupported_model", "Request stitching is not supported by " + model.id() + '.');
    }
  }

  private static OutputFormat format(String name) throws ApiError {
    return name.isEmpty()
        ? OutputFormat.DEFAULT
        : OutputFormat.of(name)
            .orElseThrow(
                () ->
                    ApiError.invalid(
                        List.of("query", "output_format"),
                        "No format that the stand-in has: mp3, pcm or wav",
                        "enum"));
  }
}
