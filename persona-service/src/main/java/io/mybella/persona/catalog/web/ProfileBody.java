package io.mybella.persona.catalog.web;

import io.mybella.persona.catalog.ProfileField;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The fields of a profile in a JSON body. What else the body has is passed over while it is read: a
 * tree of it would take a hundred times its bytes.
 *
 * @param texts those that are there; null is like an empty text
 * @param notText a field that is there and no text; null when all is well
 * @param isObject whether the body is an object at all
 */
@JsonDeserialize(using = ProfileBody.Reader.class)
record ProfileBody(
    Map<ProfileField, String> texts, @Nullable ProfileField notText, boolean isObject) {

  private static final ProfileBody NO_OBJECT = new ProfileBody(Map.of(), null, false);

  static final class Reader extends ValueDeserializer<ProfileBody> {

    @Override
    public ProfileBody deserialize(JsonParser body, DeserializationContext context) {
      if (body.currentToken() != JsonToken.START_OBJECT) {
        body.skipChildren();
        return NO_OBJECT;
      }
      Map<ProfileField, String> texts = new EnumMap<>(ProfileField.class);
      ProfileField notText = null;
      while (body.nextToken() == JsonToken.PROPERTY_NAME) {
        ProfileField field = ProfileField.ofWireName(body.currentName());
        JsonToken value = body.nextToken();
        if (field == null) {
          body.skipChildren();
        } else if (value == JsonToken.VALUE_STRING) {
          texts.put(field, body.getString());
        } else if (value == JsonToken.VALUE_NULL) {
          texts.put(field, "");
        } else {
          notText = notText == null ? field : notText;
          body.skipChildren();
        }
      }
      return new ProfileBody(texts, notText, true);
    }

    /** The literal {@code null}. */
    @Override
    public Object getNullValue(DeserializationContext context) {
      return NO_OBJECT;
    }
  }
}
