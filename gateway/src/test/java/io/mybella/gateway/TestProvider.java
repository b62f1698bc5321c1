package io.mybella.gateway;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A real OpenID Connect provider, Spring Authorization Server. Who is at its keyboard stands in a
 * header instead of a form.
 */
final class TestProvider implements AutoCloseable {

  static final String CLIENT = "mybella";
  static final String SECRET = "a-secret-of-the-test-provider";

  private static final String PERSON = "X-Person";
  private static final HttpClient CLIENT_OF_PEOPLE = HttpClient.newHttpClient();

  private final Persons persons = new Persons(new ConcurrentHashMap<>());
  private final AnnotationConfigServletWebServerApplicationContext context =
      new AnnotationConfigServletWebServerApplicationContext();

  record Persons(Map<String, Map<String, Object>> claims) {

    OidcUserInfo info(String subject) {
      OidcUserInfo.Builder info = OidcUserInfo.builder().subject(subject);
      claims.getOrDefault(subject, Map.of()).forEach(info::claim);
      return info.build();
    }
  }

  TestProvider() {
    context.registerBean(Persons.class, () -> persons);
    context.register(Beans.class);
    context.refresh();
  }

  String issuer() {
    return "http://127.0.0.1:" + context.getWebServer().getPort();
  }

  /** The settings of a gateway that signs people in here. */
  Map<String, String> settings() {
    return Map.of(
        "mybella.oidc.issuer",
        issuer(),
        "mybella.oidc.client-id",
        CLIENT,
        "mybella.oidc.client-secret",
        SECRET,
        "mybella.oidc.name",
        "Test Provider",
        "mybella.oidc.admin-claim",
        "realm_access.roles",
        "mybella.oidc.admin-value",
        "mybella-admin");
  }

  /** Lets the provider say this of somebody from now on. */
  void person(String subject, Map<String, Object> claims) {
    persons.claims().put(subject, claims);
  }

  /** Goes where the gateway leads, as somebody; answers where the provider leads back to. */
  URI answer(String question, String subject) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(question)).header(PERSON, subject).GET().build();
    try {
      HttpResponse<String> answer = CLIENT_OF_PEOPLE.send(request, BodyHandlers.ofString());
      return URI.create(
          answer
              .headers()
              .firstValue("Location")
              .orElseThrow(() -> new AssertionError(answer + answer.body())));
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    context.close();
  }

  @EnableWebSecurity
  static class Beans {

    @Bean
    TomcatServletWebServerFactory server() {
      var server = new TomcatServletWebServerFactory(0);
      server.setAddress(InetAddress.getLoopbackAddress());
      // Filters answer everything, and Tomcat runs them only in front of some servlet.
      server.setRegisterDefaultServlet(true);
      return server;
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http, Persons persons) {
      return http.oauth2AuthorizationServer(
              provider ->
                  provider.oidc(
                      oidc ->
                          oidc.userInfoEndpoint(
                              endpoint ->
                                  endpoint.userInfoMapper(
                                      asked ->
                                          persons.info(
                                              asked.getAuthorization().getPrincipalName())))))
          .oauth2ResourceServer(tokens -> tokens.jwt(Customizer.withDefaults()))
          .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
          .addFilterAfter(new Keyboard(), SecurityContextHolderFilter.class)
          .build();
    }

    /** As cheap as can be: by default the provider would make its only secret dear. */
    @Bean
    PasswordEncoder secrets() {
      return new BCryptPasswordEncoder(4);
    }

    @Bean
    RegisteredClientRepository clients(PasswordEncoder secrets) {
      return new InMemoryRegisteredClientRepository(
          RegisteredClient.withId(CLIENT)
              .clientId(CLIENT)
              .clientSecret(secrets.encode(SECRET))
              .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
              .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
              // Of a loopback address any port is taken (RFC 8252, section 7.3).
              .redirectUri("http://127.0.0.1/api/auth/oidc/callback")
              .scopes(scopes -> scopes.addAll(List.of("openid", "profile", "email")))
              .clientSettings(ClientSettings.builder().requireProofKey(true).build())
              .build());
    }

    @Bean
    OAuth2AuthorizationService authorizations() {
      return new OneAtATime(new InMemoryOAuth2AuthorizationService());
    }

    @Bean
    JWKSource<SecurityContext> keys() {
      return new ImmutableJWKSet<>(new JWKSet(ProviderKey.KEY));
    }

    @Bean
    JwtDecoder accessTokens(JWKSource<SecurityContext> keys) {
      return NimbusJwtDecoder.withJwkSource(keys).build();
    }

    @Bean
    AuthorizationServerSettings settings() {
      return AuthorizationServerSettings.builder().build();
    }
  }

  /** The library's own, kept in memory, fails while somebody else signs in. */
  private static final class OneAtATime implements OAuth2AuthorizationService {

    private final OAuth2AuthorizationService authorizations;

    OneAtATime(OAuth2AuthorizationService authorizations) {
      this.authorizations = authorizations;
    }

    @Override
    public synchronized void save(OAuth2Authorization authorization) {
      authorizations.save(authorization);
    }

    @Override
    public synchronized void remove(OAuth2Authorization authorization) {
      authorizations.remove(authorization);
    }

    @Override
    public synchronized @Nullable OAuth2Authorization findById(String id) {
      return authorizations.findById(id);
    }

    @Override
    public synchronized @Nullable OAuth2Authorization findByToken(
        String token, @Nullable OAuth2TokenType type) {
      return authorizations.findByToken(token, type);
    }
  }

  private static final class Keyboard extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      String person = request.getHeader(PERSON);
      if (person != null) {
        SecurityContextHolder.setContext(
            new SecurityContextImpl(
                UsernamePasswordAuthenticationToken.authenticated(
                    // When somebody signed in there is read off the factor.
                    person, null, List.of(FactorGrantedAuthority.fromFactor("PASSWORD")))));
      }
      chain.doFilter(request, response);
    }
  }
}
