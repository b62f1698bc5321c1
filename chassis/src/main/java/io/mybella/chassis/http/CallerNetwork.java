package io.mybella.chassis.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** Where a request comes from, as far as limits are concerned. */
public final class CallerNetwork {

  /** Providers hand out whole /64 networks (RFC 6177): who has one has 2^64 addresses. */
  private static final int NETWORK_BYTES = 8;

  private CallerNetwork() {}

  /**
   * What to count for an address: an IPv4 address itself, of an IPv6 address its /64 network.
   *
   * @param address as the connection or, where that is configured, a trusted proxy names it
   */
  public static String of(String address) {
    int zone = address.indexOf('%');
    try {
      InetAddress literal = InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
      if (literal instanceof Inet6Address) {
        byte[] network = Arrays.copyOf(literal.getAddress(), NETWORK_BYTES);
        return HexFormat.of().formatHex(network) + "/64";
      }
      return literal.getHostAddress();
    } catch (IllegalArgumentException unreadable) {
      // A proxy may say "unknown": all such callers share one allowance.
      return "unknown";
    }
  }
}
