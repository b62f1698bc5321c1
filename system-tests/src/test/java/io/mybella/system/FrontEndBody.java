package io.mybella.system;

import java.util.Map;

/** The kinds of body that front ends send for the same fields. */
enum FrontEndBody {
  JSON {
    @Override
    Call fill(Call call, Map<String, String> fields) {
      return call.json(fields);
    }
  },
  MULTIPART {
    @Override
    Call fill(Call call, Map<String, String> fields) {
      return call.multipart(fields, Map.of());
    }
  },
  URLENCODED {
    @Override
    Call fill(Call call, Map<String, String> fields) {
      return call.form(fields);
    }
  };

  abstract Call fill(Call call, Map<String, String> fields);
}
