package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An account that many tests share. It can look at things and be refused, and nothing else: there
 * is no way to its proofs, and a request that could change it fails the test when it is not
 * refused.
 */
final class Onlooker {

  private final Account account;

  private Onlooker(Account account) {
    this.account = account;
  }

  /** Registers an account that has nothing. */
  static Onlooker register(TestPlatform platform, String name) {
    return of(Account.register(platform, name));
  }

  /** Makes an account one to be shared, with what it has by now; nobody may use it otherwise. */
  static Onlooker of(Account account) {
    return new Onlooker(account);
  }

  long id() {
    return account.id();
  }

  /** GET with the session. */
  Answer get(String path) {
    return account.get(path);
  }

  /** Sends it with the session, and insists that it is refused. */
  Answer refused(Call call) {
    return refused(call, Map.of());
  }

  /**
   * Sends it with the session and more headers, and insists that it is refused.
   *
   * @param more headers that stand in for those of the same name
   */
  Answer refused(Call call, Map<String, String> more) {
    var headers = new LinkedHashMap<>(account.session());
    headers.putAll(more);
    Answer answer = call.send(account.server(), headers);
    assertThat(answer.status())
        .as("%s of an account that others use, too: %s", call, answer.body())
        .isBetween(400, 599);
    return answer;
  }
}
