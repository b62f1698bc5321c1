package io.mybella.gateway.door.route;

/**
 * Where a kind of request goes.
 *
 * @param pattern of its path, as metrics and traces name it
 * @param backend the service
 */
record Route(String pattern, Backend backend) {}
