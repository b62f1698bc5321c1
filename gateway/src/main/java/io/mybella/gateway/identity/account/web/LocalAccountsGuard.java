package io.mybella.gateway.identity.account.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.gateway.identity.account.LocalAccountProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Takes away what is about passwords where local accounts are off, before a request is looked at.
 */
@Configuration(proxyBeanMethods = false)
class LocalAccountsGuard implements WebMvcConfigurer, HandlerInterceptor {

  private final LocalAccountProperties local;

  LocalAccountsGuard(LocalAccountProperties local) {
    this.local = local;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    if (!local.enabled()) {
      registry
          .addInterceptor(this)
          .addPathPatterns("/api/auth/register", "/api/auth/login", "/api/auth/password");
    }
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    throw Problem.notFound(
        "There are no accounts with a password here; sign in on the sign-in page");
  }
}
