package io.mybella.chassis.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The most that a handler's {@code @RequestBody} may have, where {@code mybella.http.body} is not
 * right for it. A longer body is 413. Forms and uploads are the container's: their bounds are
 * {@code server.tomcat.max-http-form-post-size} and {@code spring.servlet.multipart}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface BodyLimit {

  /** Kilobytes of 1,024 bytes, as they are sent. */
  int kilobytes();
}
