package io.mybella.system;

import io.mybella.local.testing.Requirement;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test an {@link Incognito}: a fresh browser profile that points at the running platform.
 * Without a Chromium on this machine the test is skipped and says so, or fails where {@code
 * MYBELLA_REQUIRE_BROWSER} is {@code true}.
 */
public final class BrowserExtension implements ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(BrowserExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == Incognito.class;
  }

  @Override
  public Incognito resolveParameter(ParameterContext parameter, ExtensionContext test) {
    Path program = Chromium.find().orElse(null);
    if (program == null) {
      throw Requirement.BROWSER.missing(
          "no Chromium found; install one or name it in " + Chromium.SETTING);
    }
    Chromium chromium =
        test.getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Chromium.class, _ -> Chromium.launch(program), Chromium.class);
    var incognito =
        new Incognito(chromium.browser(), PlatformExtension.platform(test).baseUrl().toString());
    // JUnit closes it with the test it was made for.
    test.getStore(NAMESPACE).put(incognito, incognito);
    return incognito;
  }
}
