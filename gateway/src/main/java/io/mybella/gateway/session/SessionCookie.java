package io.mybella.gateway.session;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.web.server.Cookie;
import org.springframework.boot.web.server.Cookie.SameSite;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * The cookie that holds the id of a session. Over https it is {@code Secure} and its name begins
 * with {@code __Host-} (RFC 6265bis, 4.1.3.2), so that no other host of the domain and no page that
 * came without https can plant one; the plain name means nothing there.
 */
@Component
public final class SessionCookie implements CookieSerializer {

  private static final String HOST_PREFIX = "__Host-";

  /**
   * Cookies of one request that are looked up, each by a statement: the browser's own, and one that
   * somebody else may have set for the domain.
   */
  private static final int MOST = 2;

  private final String name;
  private final DefaultCookieSerializer plain;
  private final DefaultCookieSerializer secure;

  SessionCookie(ServerProperties server) {
    Cookie settings = server.getServlet().getSession().getCookie();
    this.name = Objects.requireNonNull(settings.getName());
    this.plain = serializer(settings, name);
    this.secure = serializer(settings, HOST_PREFIX + name);
    secure.setUseSecureCookie(true);
  }

  private static DefaultCookieSerializer serializer(Cookie settings, String name) {
    var serializer = new DefaultCookieSerializer();
    serializer.setCookieName(name);
    // What the prefix asks for: everything on this host, and on no other.
    serializer.setCookiePath("/");
    PropertyMapper map = PropertyMapper.get();
    map.from(settings::getHttpOnly).to(serializer::setUseHttpOnlyCookie);
    map.from(settings::getMaxAge)
        .asInt(age -> Math.toIntExact(age.toSeconds()))
        .to(serializer::setCookieMaxAge);
    map.from(settings::getSameSite).as(SameSite::attributeValue).to(serializer::setSameSite);
    return serializer;
  }

  /** Whether the request brings such a cookie along, whatever it is worth. */
  public boolean isIn(HttpServletRequest request) {
    return WebUtils.getCookie(request, name) != null
        || WebUtils.getCookie(request, HOST_PREFIX + name) != null;
  }

  @Override
  public List<String> readCookieValues(HttpServletRequest request) {
    return of(request).readCookieValues(request).stream().limit(MOST).toList();
  }

  @Override
  public void writeCookieValue(CookieValue value) {
    of(value.getRequest()).writeCookieValue(value);
  }

  private CookieSerializer of(HttpServletRequest request) {
    return request.isSecure() ? secure : plain;
  }
}
