package io.mybella.system;

import io.mybella.local.TestPlatform;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A program that uses the platform with an API key, as curl would. */
final class ApiClient {

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body the JSON; missing when there is none
   */
  record Answer(int status, JsonNode body, HttpResponse<byte[]> raw) {}

  private final URI base;
  private final Map<String, String> key;
  private final long userId;

  private ApiClient(URI base, Map<String, String> key, long userId) {
    this.base = base;
    this.key = key;
    this.userId = userId;
  }

  /** Registers a new account, makes a key with its session, and goes on with the key alone. */
  static ApiClient register(TestPlatform platform, String name) {
    return of(Account.register(platform, name));
  }

  /** Goes on with a key of an account. */
  static ApiClient of(Account account) {
    return new ApiClient(account.server(), account.key(), account.id());
  }

  /** The id of the account. */
  long userId() {
    return userId;
  }

  /** GET as JSON. */
  Answer get(String path) {
    return send(Call.of("GET", path));
  }

  /** POST of JSON. */
  Answer post(String path, Object body) {
    return send(Call.of("POST", path).json(body));
  }

  /** PUT of JSON. */
  Answer put(String path, Object body) {
    return send(Call.of("PUT", path).json(body));
  }

  /** DELETE. */
  Answer delete(String path) {
    return send(Call.of("DELETE", path));
  }

  private Answer send(Call call) {
    var headers = new LinkedHashMap<>(key);
    headers.put("Accept", "application/json");
    return call.send(base, headers);
  }
}
