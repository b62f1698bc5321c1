package io.mybella.chassis.http;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What a request may have.
 *
 * @param body the longest body that is read as a whole, such as JSON; a handler may name another
 * @param formMethods the methods whose urlencoded body is read as a form; empty reads none
 */
@Validated
@ConfigurationProperties("mybella.http")
record HttpProperties(
    @DefaultValue("64KB") DataSize body, @DefaultValue({"POST", "PUT"}) Set<String> formMethods) {}
