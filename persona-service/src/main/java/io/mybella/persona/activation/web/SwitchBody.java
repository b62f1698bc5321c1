package io.mybella.persona.activation.web;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The id in a JSON body. What else the body has is passed over while it is read: a tree of it would
 * take a hundred times its bytes.
 *
 * @param personaId as it was written, as a number or a text; null without one
 */
@JsonDeserialize(using = SwitchBody.Reader.class)
record SwitchBody(@Nullable String personaId) {

  static final class Reader extends ValueDeserializer<SwitchBody> {

    @Override
    public SwitchBody deserialize(JsonParser body, DeserializationContext context) {
      if (body.currentToken() != JsonToken.START_OBJECT) {
        body.skipChildren();
        return new SwitchBody(null);
      }
      String id = null;
      while (body.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean isId = body.currentName().equals("persona_id");
        JsonToken value = body.nextToken();
        if (isId) {
          id = value.isScalarValue() && value != JsonToken.VALUE_NULL ? body.getString() : null;
        }
        body.skipChildren();
      }
      return new SwitchBody(id);
    }
  }
}
